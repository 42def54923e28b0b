//! The way of answers from the database's threads to a web worker.
//! Holds always: an answer is handed over once; whoever no longer waits for it misses nothing.
//!
//! A worker looks for tasks that other threads woke only between many of its own. Were each answer to wake its request from
//! afar, a crowd that is refused, all of it the worker's own tasks, would let through some hundred answers a second. So all
//! answers for a worker wake one task, which hands them out at home.

use std::cell::RefCell;

use actix_web::rt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Hands over one answer.
pub(super) type Delivery = Box<dyn FnOnce() + Send>;

/// Where the answers for one thread go.
#[derive(Clone)]
pub(super) struct Mailbox(UnboundedSender<Delivery>);

thread_local! {
    static OWN: RefCell<Option<Mailbox>> = const { RefCell::new(None) };
}

impl Mailbox {
    /// That of this thread; none where no worker runs that could empty it.
    pub(super) fn own() -> Option<Self> {
        rt::System::try_current()?;
        OWN.with_borrow_mut(|own| {
            let emptied = own.take().filter(|mailbox| !mailbox.0.is_closed());
            let mailbox = emptied.unwrap_or_else(|| {
                let (sender, letters) = unbounded_channel();
                rt::spawn(hand_out(letters));
                Self(sender)
            });
            *own = Some(mailbox.clone());
            Some(mailbox)
        })
    }

    /// Hands it over soon, on the mailbox's own thread. A worker that has ended waits for nothing.
    pub(super) fn put(&self, delivery: Delivery) {
        drop(self.0.send(delivery));
    }
}

/// Empties a mailbox for as long as its worker runs.
async fn hand_out(mut letters: UnboundedReceiver<Delivery>) {
    while let Some(delivery) = letters.recv().await {
        delivery();
    }
}
