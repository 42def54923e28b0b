//! `mend healthcheck`: asks the service on this machine whether it is ready, for containers that hold no other program.
//! Holds always: it succeeds for a 200 and for nothing else, and never waits longer than a few seconds.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::Outcome;
use crate::config::Config;

/// For each of connecting, asking and hearing.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) fn run(config: &Config) -> Outcome {
    let address = reachable(config.server.listen);
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; b"HTTP/1.1 200".len()];
    stream.read_exact(&mut status)?;
    if status == *b"HTTP/1.1 200" { Ok(()) } else { Err("the service is not ready".into()) }
}

/// Where a service that listens there can be asked from this machine: "every address" is no address to connect to.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn asked_of(answer: &'static [u8]) -> Outcome {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::for_tests(folder.path());
        config.server.listen = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), listener.local_addr().unwrap().port());
        let service = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // To its end: a socket that is closed with something unread takes the answer with it.
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            assert!(asked.starts_with(b"GET /readyz"));
            stream.write_all(answer).unwrap();
        });
        let outcome = run(&config);
        service.join().unwrap();
        outcome
    }

    #[test]
    fn only_a_200_is_healthy() {
        assert!(asked_of(b"HTTP/1.1 200 OK\r\n\r\n").is_ok());
        assert!(asked_of(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").is_err());
        assert!(asked_of(b"HTTP/1.1").is_err());
    }
}
