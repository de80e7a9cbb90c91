//! Owns the servers' HTTP: accepting connections, and bodies that break off, wait or never end as scripted.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Sleep;

/// Where connections come from. Another protocol below HTTP, such as TLS, is another implementation of this.
pub(crate) trait Listen: Send + 'static {
    /// A connection.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Waits for the next connection.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Io, Wire)>> + Send;
}

/// What a handler may do with the connection below a request.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    /// Counts connections from 0.
    pub(crate) number: u64,
    reset: Arc<AtomicBool>,
}

impl Wire {
    /// Makes the connection end with a TCP reset instead of an orderly close.
    pub(crate) fn reset_at_end(&self) {
        self.reset.store(true, Ordering::Relaxed);
    }
}

/// Plain TCP on a port of the loopback interface.
#[derive(Debug)]
pub(crate) struct Plain {
    listener: TcpListener,
    count: AtomicU64,
}

impl Plain {
    /// Listens on a free port.
    pub(crate) async fn bind() -> io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        Ok((Self { listener, count: AtomicU64::new(0) }, address))
    }
}

impl Listen for Plain {
    type Io = Resettable;

    async fn accept(&mut self) -> io::Result<(Resettable, Wire)> {
        let (stream, _) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        let reset = Arc::new(AtomicBool::new(false));
        let wire =
            Wire { number: self.count.fetch_add(1, Ordering::Relaxed), reset: Arc::clone(&reset) };
        Ok((Resettable { stream, reset }, wire))
    }
}

/// A TCP stream that can be made to end with a reset.
#[derive(Debug)]
pub(crate) struct Resettable {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Resettable {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            // Without lingering the system throws away what is unsent and answers with RST.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Resettable {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Resettable {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.reset.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}

/// Answers requests. [`Wire`] is among the request's extensions.
pub(crate) trait Handle: Send + Sync + 'static {
    /// The answer; [`Broken`] closes the connection without one.
    fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Scripted>, Broken>> + Send;
}

/// Serves until the returned guard is dropped; then every connection is cut.
pub(crate) fn serve<L: Listen, H: Handle>(mut listener: L, handler: Arc<H>) -> Serving {
    Serving(tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => if let Ok((io, wire)) = accepted {
                    connections.spawn(connection(io, wire, Arc::clone(&handler)));
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }))
}

async fn connection<H: Handle>(
    io: impl AsyncRead + AsyncWrite + Unpin,
    wire: Wire,
    handler: Arc<H>,
) {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(wire.clone());
        Arc::clone(&handler).handle(request)
    });
    // Connections that break are part of the script, or the browser's choice.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(io), service)
        .await;
}

/// A server at work.
#[derive(Debug)]
pub(crate) struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The connection is to break here.
#[derive(Debug)]
pub(crate) struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken as scripted")
    }
}

impl std::error::Error for Broken {}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// A part of a scripted body.
#[derive(Debug)]
pub(crate) enum Part {
    /// Sent at once.
    Bytes(Bytes),
    /// Nothing comes for this long.
    Pause(Duration),
    /// The connection breaks.
    Break,
    /// Nothing comes any more, and the connection stays.
    Hang,
}

/// A body that is sent part by part.
#[derive(Debug)]
pub(crate) struct Scripted {
    parts: VecDeque<Part>,
    sleeping: Option<Pin<Box<Sleep>>>,
}

impl Scripted {
    /// A body in these parts.
    pub(crate) fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: parts.into_iter().collect(), sleeping: None }
    }

    /// A body in one piece.
    pub(crate) fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::new([Part::Bytes(bytes.into())])
    }

    /// No body.
    pub(crate) fn empty() -> Self {
        Self::new([])
    }
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        loop {
            if let Some(sleeping) = &mut self.sleeping {
                std::task::ready!(sleeping.as_mut().poll(cx));
                self.sleeping = None;
            }
            match self.parts.pop_front() {
                None => return Poll::Ready(None),
                Some(Part::Bytes(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Part::Pause(length)) => {
                    self.sleeping = Some(Box::pin(tokio::time::sleep(length)));
                }
                Some(Part::Break) => return Poll::Ready(Some(Err(Broken))),
                Some(Part::Hang) => {
                    self.parts.push_front(Part::Hang);
                    return Poll::Pending;
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.parts.is_empty() && self.sleeping.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let sized = self.parts.iter().map(|part| match part {
            Part::Bytes(bytes) => Some(bytes.len() as u64),
            Part::Pause(_) => Some(0),
            Part::Break | Part::Hang => None,
        });
        sized.sum::<Option<u64>>().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
