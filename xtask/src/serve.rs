//! Owns `cargo xtask serve`: a development build, and a small HTTP server for `dist/` on this machine only.

mod content;
mod files;
mod request;

use std::io::{self, BufReader, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::args::{BuildOptions, ServeOptions};
use crate::dist::{self, Mode};
use crate::process::{on_path, say};
use crate::workspace::Workspace;
use request::Received;

/// How long a connection may say nothing.
const IDLE: Duration = Duration::from_secs(30);

/// `cargo xtask serve`.
pub(crate) fn run(options: &ServeOptions) -> Result<()> {
    // The port is taken first: that it is in use is better heard before the build than after it.
    let listeners = listen(options.port)?;
    let workspace = Workspace::find();
    let dist = dist::build(&workspace, Mode::Development, &BuildOptions::default())?;
    let port = listeners[0].local_addr()?.port();
    let address = format!("http://localhost:{port}");
    let dist: Arc<Path> = dist.canonicalize()?.into();
    let threads: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            let dist = Arc::clone(&dist);
            thread::spawn(move || accept(&listener, &dist))
        })
        .collect();
    println!("\nViva is at {address}   (Ctrl-C ends it; after a change, start it again)\n");
    if options.open {
        open(&address);
    }
    for thread in threads {
        if thread.join().is_err() {
            bail!("the server stopped");
        }
    }
    Ok(())
}

/// Listens on both loopback addresses, since browsers resolve `localhost` to either.
fn listen(port: u16) -> Result<Vec<TcpListener>> {
    let v4 = bind(IpAddr::V4(Ipv4Addr::LOCALHOST), port)?;
    let port = v4.local_addr()?.port();
    let mut listeners = vec![v4];
    match TcpListener::bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port)) {
        Ok(v6) => listeners.push(v6),
        Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(in_use(port)),
        // A machine without IPv6.
        Err(_) => {}
    }
    Ok(listeners)
}

fn bind(address: IpAddr, port: u16) -> Result<TcpListener> {
    match TcpListener::bind(SocketAddr::new(address, port)) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(in_use(port)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            bail!("port {port} is kept for the administrator; type: cargo xtask serve --port 8080")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on port {port}")),
    }
}

fn in_use(port: u16) -> anyhow::Error {
    let other = port.checked_add(1).unwrap_or(8080);
    anyhow::anyhow!("port {port} is in use; type: cargo xtask serve --port {other}")
}

fn accept(listener: &TcpListener, dist: &Arc<Path>) {
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                let dist = Arc::clone(dist);
                // A connection that breaks off concerns nobody but its own browser.
                thread::spawn(move || converse(stream, &dist).ok());
            }
            // Out of file descriptors, most likely: wait for some to close.
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Answers the requests of one connection until it closes.
fn converse(stream: TcpStream, dist: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(IDLE))?;
    stream.set_write_timeout(Some(IDLE))?;
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let (reply, last) = match request::read(&mut reader)? {
            Received::Request(request) => (files::answer(&request, dist), request.last),
            Received::Malformed => (files::Reply::refusal(400, "Bad Request"), true),
            Received::Closed => return Ok(()),
        };
        writer.write_all(&reply.to_bytes(last))?;
        if last {
            return Ok(());
        }
    }
}

/// Shows the page in the person's browser.
fn open(address: &str) {
    let Some(opener) = on_path(&["xdg-open", "open", "explorer"]) else {
        eprintln!("No program to open a browser was found; open {address} yourself.");
        return;
    };
    if Command::new(opener).arg(address).spawn().is_err() {
        say(&format!("The browser could not be opened; open {address} yourself."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn ask(test: &str, requests: &str) -> String {
        let name = format!("viva-serve-{}-{test}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("index.html"), "<p>Viva</p>").unwrap();
        let dist: Arc<Path> = directory.canonicalize().unwrap().into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || accept(&listener, &dist));
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(requests.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        std::fs::remove_dir_all(directory).ok();
        answer
    }

    #[test]
    fn one_connection_carries_several_requests() {
        let answer = ask(
            "several",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\nHEAD / HTTP/1.1\r\nHost: x\r\n\r\n\
             GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        );
        let statuses: Vec<&str> =
            answer.lines().filter(|line| line.contains("HTTP/1.1 ")).collect();
        assert_eq!(statuses.len(), 3, "{answer}");
        assert_eq!(answer.matches("<p>Viva</p>").count(), 1);
        assert!(answer.contains("404 Not Found"));
    }

    #[test]
    fn what_is_not_http_is_refused_and_the_connection_closed() {
        assert!(ask("malformed", "hello\r\n\r\n").starts_with("HTTP/1.1 400 "));
    }

    #[test]
    fn a_port_in_use_is_named_with_the_command_for_another() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let message = listen(port).unwrap_err().to_string();
        assert!(message.contains(&format!("port {port} is in use")), "{message}");
        assert!(message.contains("cargo xtask serve --port"), "{message}");
    }
}
