//! HTTP/1.1 over one connection, without anything that a client library does behind one's back.
//! Holds always: an error says whether the connection could be made and whether a byte of the answer came.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A request as bytes.
#[derive(Debug, Clone)]
pub struct Ask {
    head: String,
    body: String,
}

impl Ask {
    pub fn new(method: &str, path: &str) -> Self {
        Self { head: format!("{method} {path} HTTP/1.1\r\nHost: mend\r\n"), body: String::new() }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: &str, body: &Value) -> Self {
        Self::new("POST", path).json(body)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        write!(self.head, "{name}: {value}\r\n").expect("a text takes text");
        self
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string();
        self.header("Content-Type", "application/json")
    }

    /// The bytes for the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let length =
            if self.body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", self.body.len()) };
        format!("{}{length}\r\n{}", self.head, self.body).into_bytes()
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Status line and headers, names in lower case.
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A member of the body that is a text.
    pub fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, String::from_utf8_lossy(&self.body));
        self
    }

    /// Whether it is the refusal that a client may simply repeat later: 503 with Retry-After.
    pub fn is_refusal(&self) -> bool {
        self.status == 503 && self.retry_after() > Duration::ZERO
    }

    /// When to come back.
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(self.header("retry-after").and_then(|seconds| seconds.parse().ok()).unwrap_or(0))
    }

    /// Whether the other side closes the connection after it.
    pub fn closes(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// A connection that is kept until something breaks.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    pub fn to(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(20))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(16 * 1024, stream)))
    }

    /// Asks once, on a connection for that alone.
    #[track_caller]
    pub fn once(address: SocketAddr, ask: &Ask) -> Answer {
        Self::to(address).and_then(|mut connection| connection.ask(ask)).expect("an answer")
    }

    /// Sends a request and reads its answer. `UnexpectedEof` means that the connection was closed before the answer's
    /// first byte; `InvalidData`, that half of an answer came.
    pub fn ask(&mut self, ask: &Ask) -> io::Result<Answer> {
        self.send(&ask.bytes())?;
        self.hear()
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().write_all(bytes)
    }

    pub fn hear(&mut self) -> io::Result<Answer> {
        if self.0.fill_buf()?.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let half = |error: io::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).map_err(half)? == 0 {
                return Err(half(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut answer = Answer { status, head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        answer.body.resize(length, 0);
        self.0.read_exact(&mut answer.body).map_err(half)?;
        Ok(answer)
    }

    pub fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }
}
