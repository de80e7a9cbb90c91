//! Owns the servers' HTTP: accepting connections, and bodies that break off, wait or never end as scripted.

pub(crate) mod tls;

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
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;

/// What stands between TCP and HTTP.
#[derive(Clone)]
pub(crate) enum Door {
    /// Nothing: HTTP/1.1 as it is.
    Plain,
    /// TLS; the client chooses between HTTP/2 and HTTP/1.1.
    Tls(TlsAcceptor),
}

/// What a handler may do with the connection below a request.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    /// Counts connections from 0.
    pub(crate) number: u64,
    /// Whether many requests share it at one time.
    pub(crate) is_http2: bool,
    reset: Arc<AtomicBool>,
}

impl Wire {
    /// Makes the connection end with a TCP reset instead of an orderly close. Over HTTP/2 it goes on, since other requests
    /// share it: what breaks there is the stream, which HTTP resets by itself.
    pub(crate) fn reset_at_end(&self) {
        if !self.is_http2 {
            self.reset.store(true, Ordering::Relaxed);
        }
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

    async fn accept(&mut self) -> io::Result<(Resettable, Wire)> {
        let (stream, _) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        let reset = Arc::new(AtomicBool::new(false));
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let wire = Wire { number, is_http2: false, reset: Arc::clone(&reset) };
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
pub(crate) fn serve<H: Handle>(mut listener: Plain, door: Door, handler: Arc<H>) -> Serving {
    Serving(tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => if let Ok((io, wire)) = accepted {
                    connections.spawn(connection(io, wire, door.clone(), Arc::clone(&handler)));
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }))
}

/// Connections that break are part of the script, or the browser's choice: their errors mean nothing.
async fn connection<H: Handle>(io: Resettable, wire: Wire, door: Door, handler: Arc<H>) {
    match door {
        Door::Plain => http1(io, wire, handler).await,
        Door::Tls(acceptor) => {
            let Ok(io) = acceptor.accept(io).await else { return };
            if io.get_ref().1.alpn_protocol() == Some(tls::H2) {
                http2(io, Wire { is_http2: true, ..wire }, handler).await;
            } else {
                http1(io, wire, handler).await;
            }
        }
    }
}

async fn http1<H: Handle>(io: impl AsyncRead + AsyncWrite + Unpin, wire: Wire, handler: Arc<H>) {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(wire.clone());
        Arc::clone(&handler).handle(request)
    });
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(io), service)
        .await;
}

async fn http2<H: Handle>(io: impl AsyncRead + AsyncWrite + Unpin, wire: Wire, handler: Arc<H>) {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(wire.clone());
        Arc::clone(&handler).handle(request)
    });
    let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .max_concurrent_streams(256)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(1 << 24)
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

/// Is told what becomes of a body. Dropped without a last word when the other side went away.
pub(crate) trait Watch: std::fmt::Debug + Send {
    /// So many bytes go out.
    fn sent(&mut self, n_bytes: usize);
    /// The body is over, or broken as scripted.
    fn over(&mut self);
}

/// A body that is sent part by part.
#[derive(Debug)]
pub(crate) struct Scripted {
    parts: VecDeque<Part>,
    sleeping: Option<Pin<Box<Sleep>>>,
    watch: Option<Box<dyn Watch>>,
}

impl Scripted {
    /// A body in these parts.
    pub(crate) fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        Self { parts: parts.into_iter().collect(), sleeping: None, watch: None }
    }

    /// The same body, watched.
    pub(crate) fn watched(mut self, mut watch: impl Watch + 'static) -> Self {
        if self.parts.is_empty() {
            // A body without parts is never asked for one.
            watch.over();
        } else {
            self.watch = Some(Box::new(watch));
        }
        self
    }

    fn over(&mut self) {
        if let Some(mut watch) = self.watch.take() {
            watch.over();
        }
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
                None => {
                    self.over();
                    return Poll::Ready(None);
                }
                Some(Part::Bytes(bytes)) => {
                    if let Some(watch) = &mut self.watch {
                        watch.sent(bytes.len());
                    }
                    // Noted before the bytes leave, so that whoever has them finds the note.
                    if self.parts.is_empty() {
                        self.over();
                    }
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Some(Part::Pause(length)) => {
                    self.sleeping = Some(Box::pin(tokio::time::sleep(length)));
                }
                Some(Part::Break) => {
                    self.over();
                    return Poll::Ready(Some(Err(Broken)));
                }
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
            // What takes time has no length beforehand, as with real streams.
            Part::Pause(_) | Part::Break | Part::Hang => None,
        });
        sized.sum::<Option<u64>>().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
