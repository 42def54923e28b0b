//! `mend serve`: starts the service and stops it at SIGTERM or SIGINT.
//! Holds always: it says on standard output where it listens once it does, and ends only after the last answer.

use super::{Outcome, say};
use crate::app::{Mend, Told};
use crate::config::Config;
use crate::database::Clock;
use crate::operations::log;

pub(super) fn run(config: Config) -> Outcome {
    log::start(&config.log)?;
    let running = Mend::start(config, Clock::system())?;
    let address = running.address;
    say(&format!("Mend listens on http://{address}\nDocumentation: http://{address}/docs"))?;
    if let Some(metrics) = running.metrics_address {
        say(&format!("Metrics: http://{metrics}/metrics"))?;
    }
    match running.wait()? {
        Told::Terminate => running.drain(),
        Told::Interrupt => {}
        Told::Ended => return Err("the web server ended".into()),
    }
    running.stop();
    Ok(())
}
