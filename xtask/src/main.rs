//! The project's own commands: `cargo xtask serve | build | test | lint | bench`.

#![allow(
    clippy::disallowed_methods,
    reason = "the bans are for the page; this runs natively and has clocks and threads"
)]

mod args;
mod check;
mod dist;
mod process;
mod serve;
mod setup;
mod workspace;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let command = match args::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(message) => {
            eprintln!("{message}\n\n{}", args::USAGE);
            return ExitCode::from(2);
        }
    };
    let outcome = match command {
        Command::Help => {
            println!("{}", args::USAGE);
            Ok(())
        }
        Command::Serve(options) => serve::run(&options),
        Command::Build(options) => dist::run(&options),
        Command::Test => check::test(),
        Command::Lint => check::lint(),
        Command::Bench(rest) => check::bench(&rest),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
