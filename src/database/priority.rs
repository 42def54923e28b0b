//! Which threads come first when there is not enough processor for all.
//! Holds always: whoever talks to clients comes before whoever works for them. Otherwise a crowd's work holds up the refusals
//! of those who are too many, and they would learn late that they should come back later.

/// Steps of `nice`: where both want the processor, the caller gets about a third of what the others get.
#[cfg(target_os = "linux")]
const STEPS: i32 = 5;

/// Lets the other threads of the process come first. Only Linux knows priorities of single threads; elsewhere nothing happens.
pub(super) fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(STEPS) {
        tracing::debug!(%error, "a thread of the database keeps its priority");
    }
}
