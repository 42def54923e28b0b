//! A wire between a node and PostgreSQL that breaks where a story wants it to. It reads the client's messages and knows the
//! commit of a transaction that stored a record.
//! Holds always: a fault that cuts happens once, on the first connection it fits; all others pass.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where the wire breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// COMMIT arrives and is done; its answer does not come back.
    AfterCommit,
    /// COMMIT is sent and does not arrive.
    BeforeCommit,
    /// The record's row is sent and does not arrive: in the middle of the transaction.
    InTransaction,
}

/// The wire. Ends when the process does.
pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    fault: Mutex<Option<Fault>>,
    /// How often it broke.
    broken: AtomicU32,
}

/// One connection of the client.
struct Wire {
    state: Arc<State>,
    client: TcpStream,
    server: TcpStream,
    /// The next answer is not passed on, and ends the connection.
    swallow: Arc<AtomicBool>,
}

impl Proxy {
    /// Listens and passes everything on to the server on that port.
    pub fn to(server: u16) -> Self {
        Self::slow(server, Duration::ZERO)
    }

    /// The same, but each connection begins only after a delay.
    pub fn slow(server: u16, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || {
                    std::thread::sleep(delay);
                    pass(state, client, server);
                });
            }
        });
        Self { port, state }
    }

    /// The next transaction that stores a record meets this.
    pub fn breaks(&self, fault: Fault) {
        *self.state.fault.lock().unwrap() = Some(fault);
    }

    /// How often the wire was cut.
    pub fn cuts(&self) -> u32 {
        self.state.broken.load(Ordering::SeqCst)
    }
}

impl State {
    /// Takes the fault if it is this one.
    fn strikes(&self, fault: Fault) -> bool {
        let mut waiting = self.fault.lock().unwrap();
        let strikes = *waiting == Some(fault);
        if strikes {
            *waiting = None;
            self.broken.fetch_add(1, Ordering::SeqCst);
        }
        strikes
    }
}

fn pass(state: Arc<State>, client: TcpStream, server: u16) {
    let server = TcpStream::connect(("127.0.0.1", server)).expect("the server behind the wire");
    let wire = Wire { state, client, server, swallow: Arc::default() };
    let back = wire.copy();
    std::thread::spawn(move || back.answers());
    wire.requests().ok();
    wire.cut();
}

impl Wire {
    fn copy(&self) -> Self {
        let same = |stream: &TcpStream| stream.try_clone().expect("the same socket");
        let (client, server) = (same(&self.client), same(&self.server));
        Self { state: Arc::clone(&self.state), client, server, swallow: Arc::clone(&self.swallow) }
    }

    fn cut(&self) {
        self.client.shutdown(Shutdown::Both).ok();
        self.server.shutdown(Shutdown::Both).ok();
    }

    /// Passes the client's messages on, one by one.
    fn requests(&self) -> io::Result<()> {
        let (mut client, mut server) = (&self.client, &self.server);
        // The first message has no kind: it opens the session.
        server.write_all(&message(&mut client, 0)?)?;
        let mut inserts = HashSet::new();
        let mut stored = false;
        loop {
            let message = message(&mut client, 1)?;
            let (kind, body) = (message[0], &message[5..]);
            match kind {
                b'P' if holds(body, b"INSERT INTO \"records\"") => drop(inserts.insert(word(body, 0))),
                b'B' if inserts.contains(&word(body, 1)) => {
                    stored = true;
                    if self.state.strikes(Fault::InTransaction) {
                        return Ok(());
                    }
                }
                b'Q' if body.starts_with(b"COMMIT") && stored => {
                    stored = false;
                    if self.state.strikes(Fault::BeforeCommit) {
                        return Ok(());
                    }
                    self.swallow.store(self.state.strikes(Fault::AfterCommit), Ordering::SeqCst);
                }
                _ => {}
            }
            server.write_all(&message)?;
        }
    }

    /// Passes the server's bytes back.
    fn answers(&self) {
        let (mut client, mut server) = (&self.client, &self.server);
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = server.read(&mut bytes) {
            if self.swallow.load(Ordering::SeqCst) || client.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        self.cut();
    }
}

/// One message of PostgreSQL's protocol: `head` bytes of kind, four of length, the rest.
fn message(client: &mut &TcpStream, head: usize) -> io::Result<Vec<u8>> {
    let mut message = vec![0; head + 4];
    client.read_exact(&mut message)?;
    let length = u32::from_be_bytes(message[head..].try_into().expect("four bytes"));
    let rest = usize::try_from(length).expect("a length") - 4;
    message.resize(head + 4 + rest, 0);
    client.read_exact(&mut message[head + 4..])?;
    Ok(message)
}

fn holds(body: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(body, text).is_some()
}

/// The zero-ended word of that number at the beginning of a message.
fn word(body: &[u8], number: usize) -> Vec<u8> {
    body.split(|byte| *byte == 0).nth(number).unwrap_or_default().to_vec()
}
