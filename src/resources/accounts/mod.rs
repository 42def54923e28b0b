//! Accounts over HTTP: registering, signing in and out, one's own account, password, sessions and security events.
//! Holds always: nothing here tells a known address from an unknown one, and no answer with a token may be stored.
//!
//! Documented differences from the other resources: signing in takes no `Idempotency-Key`; a password and a session have
//! no version, so changing and ending them take no `If-Match` (the current password is the condition of the one, and
//! ending a session twice does no harm).

mod entrance;
mod events;
mod exit;
mod kept;
mod me;
mod outreach;
mod pages;
mod password;
mod sessions;
mod shapes;

pub use kept::kept;
pub(super) use shapes::OutreachContent;

use crate::http::mount::Mount;

/// Adds the operations of accounts.
pub fn routes(mount: &mut Mount<'_>) {
    mount
        .service(entrance::register)
        .service(entrance::login)
        .service(entrance::refresh)
        .service(exit::logout)
        .service(me::get_me)
        .service(me::update_me)
        .service(outreach::choose_outreach)
        .service(password::change_password)
        .service(sessions::list_sessions)
        .service(sessions::delete_session)
        .service(sessions::delete_other_sessions)
        .service(events::list_security_events);
}
