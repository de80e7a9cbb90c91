//! Owns the protocol that Chromium's own tools speak (CDP): calls with their answers, and events to whoever listens to a session.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::lock::lock;
use crate::{Error, Result, Within};

/// A call that takes longer means that the browser hangs; every call here is answered in milliseconds or, for scripts that
/// are awaited, within the limit of the waiting test.
const CALL_LIMIT: Duration = Duration::from_mins(1);

/// Hears the events of a session, on the task that reads the socket: it must not block.
pub(crate) trait Listener: Send + Sync {
    /// Something happened. `session` is empty for events of the browser itself.
    fn event(&self, connection: &Arc<Connection>, session: &str, method: &str, params: &Value);
}

/// A connection to a browser.
pub(crate) struct Connection {
    outgoing: mpsc::UnboundedSender<Message>,
    pending: Mutex<Option<HashMap<u64, oneshot::Sender<Result<Value>>>>>,
    listeners: Mutex<HashMap<String, Arc<dyn Listener>>>,
    last_id: AtomicU64,
}

impl Connection {
    /// Connects to the browser that listens on `port` of this machine, at the path that it printed.
    pub(crate) async fn open(port: u16, path: &str) -> Result<Arc<Self>> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        let unlimited = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let address = format!("ws://127.0.0.1:{port}{path}");
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(address, stream, Some(unlimited))
                .await
                .within(|| "connecting to the browser".to_owned())?;
        let (outgoing, queue) = mpsc::unbounded_channel();
        let connection = Arc::new(Self {
            outgoing,
            pending: Mutex::new(Some(HashMap::new())),
            listeners: Mutex::default(),
            last_id: AtomicU64::new(0),
        });
        tokio::spawn(Arc::clone(&connection).pump(socket, queue));
        Ok(connection)
    }

    /// Whether the browser still answers.
    pub(crate) fn is_open(&self) -> bool {
        lock(&self.pending).is_some()
    }

    /// Sends the events of `session` to `listener`.
    pub(crate) fn listen(&self, session: &str, listener: Arc<dyn Listener>) {
        lock(&self.listeners).insert(session.to_owned(), listener);
    }

    /// Sends no more events of `session` to anyone.
    pub(crate) fn unlisten(&self, session: &str) {
        lock(&self.listeners).remove(session);
    }

    /// Calls a method and waits for its answer. An empty `session` means the browser itself.
    pub(crate) async fn call(&self, session: &str, method: &str, params: Value) -> Result<Value> {
        let answer = self.send(session, method, params);
        match tokio::time::timeout(CALL_LIMIT, answer).await {
            Ok(Ok(result)) => result.within(|| method.to_owned()),
            Ok(Err(_)) => Err(Error::new(format!("{method}: the browser is gone"))),
            Err(_) => Err(Error::new(format!("{method}: no answer in {} s", CALL_LIMIT.as_secs()))),
        }
    }

    fn send(&self, session: &str, method: &str, params: Value) -> oneshot::Receiver<Result<Value>> {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let (teller, answer) = oneshot::channel();
        let mut message = json!({"id": id, "method": method});
        message["params"] = params;
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        // Without the map the connection is closed: the teller is dropped, which the receiver sees.
        if let Some(pending) = lock(&self.pending).as_mut() {
            pending.insert(id, teller);
            let _ = self.outgoing.send(Message::text(message.to_string()));
        }
        answer
    }

    /// Calls a method whose answer nobody needs.
    pub(crate) fn tell(&self, session: &str, method: &str, params: Value) {
        drop(self.send(session, method, params));
    }

    async fn pump(
        self: Arc<Self>,
        socket: WebSocketStream<TcpStream>,
        mut queue: mpsc::UnboundedReceiver<Message>,
    ) {
        let (mut sink, mut stream) = socket.split();
        loop {
            tokio::select! {
                Some(message) = queue.recv() => if sink.send(message).await.is_err() { break },
                incoming = stream.next() => match incoming {
                    Some(Ok(Message::Text(text))) => {
                        if let Ok(message) = serde_json::from_str(text.as_str()) {
                            self.receive(message);
                        }
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => {}
                },
            }
        }
        // Dropping the tellers tells everyone who waits.
        lock(&self.pending).take();
        lock(&self.listeners).clear();
    }

    fn receive(self: &Arc<Self>, mut message: Value) {
        if let Some(id) = message["id"].as_u64() {
            let teller = lock(&self.pending).as_mut().and_then(|pending| pending.remove(&id));
            if let Some(teller) = teller {
                let result = match message.get("error") {
                    Some(error) => Err(Error::new(error["message"].as_str().unwrap_or("refused"))),
                    None => Ok(message["result"].take()),
                };
                let _ = teller.send(result);
            }
            return;
        }
        let session = message["sessionId"].as_str().unwrap_or_default();
        let listener = lock(&self.listeners).get(session).cloned();
        if let Some(listener) = listener {
            let method = message["method"].as_str().unwrap_or_default();
            listener.event(self, session, method, &message["params"]);
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("open", &self.is_open()).finish_non_exhaustive()
    }
}
