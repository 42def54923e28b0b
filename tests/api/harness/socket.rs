//! A bare connection, for what no well-behaved client does.

use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A connection to a node.
pub struct Socket(BufReader<TcpStream>);

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    /// Status line and headers in lower case.
    pub head: String,
    pub body: String,
}

impl Socket {
    /// Connects to `http://127.0.0.1:<port>`.
    pub fn to(base: &str) -> Self {
        let stream = TcpStream::connect(base.strip_prefix("http://").expect("a base")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
        stream.set_nodelay(true).expect("no delay");
        Self(BufReader::new(stream))
    }

    /// Sends bytes; whether the other side still takes them shows in the answer.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        let sent = self.0.get_mut().write_all(bytes.as_ref());
        drop(sent);
        self
    }

    /// Sends a byte at a time with a pause after each, until all are sent or the other side gives up.
    pub fn drip(&mut self, bytes: &str, pause: Duration) {
        for byte in bytes.as_bytes() {
            if self.0.get_mut().write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(pause);
        }
    }

    /// Reads one answer with its body, or none when the connection is closed without one.
    pub fn hear(&mut self) -> Option<Heard> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            match self.0.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return None,
            }
        }
        let head = String::from_utf8(head).expect("an ASCII head").to_lowercase();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        Some(Heard { status, head, body: String::from_utf8(body).expect("a UTF-8 body") })
    }

    /// Whether the other side has closed the connection.
    pub fn is_closed(&mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(0) | Err(_))
    }
}

impl Heard {
    /// The `code` of the problem in the body.
    pub fn code(&self) -> String {
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}
