//! The sandbox as a program: real time, webhooks posted by themselves, `/control/...` for the rest.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use guiche_sandbox::{BusinessNumber, Sandbox, SandboxConfig, StatusPlan};

/// A look-alike of the WhatsApp Cloud API on loopback.
///
/// Point a client of the Cloud API at the printed address instead of https://graph.facebook.com. The
/// sandbox accepts and refuses what Meta would, and posts signed webhooks to the callback URL: messages
/// of simulated people, and the statuses of what it accepted. It never talks to Meta.
#[derive(Parser)]
#[command(name = "guiche-sandbox", version, after_long_help = AFTER_HELP)]
struct Options {
    /// Loopback address to listen on; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8089", value_name = "ADDRESS:PORT")]
    listen: String,

    /// Where webhooks are posted. Without it they wait in the queue.
    #[arg(long, value_name = "URL")]
    callback: Option<String>,

    /// Key of the webhook signatures (X-Hub-Signature-256).
    #[arg(long, default_value = "sandbox-app-secret", env = "GUICHE_SANDBOX_APP_SECRET", hide_env_values = true)]
    app_secret: String,

    /// Access token that requests must carry as `Authorization: Bearer`.
    #[arg(long, default_value = "sandbox-token", env = "GUICHE_SANDBOX_TOKEN", hide_env_values = true)]
    token: String,

    /// Id of the business number.
    #[arg(long, default_value = "20000000000000001", value_name = "ID")]
    phone_number_id: String,

    /// Id of its WhatsApp Business Account.
    #[arg(long, default_value = "30000000000000001", value_name = "ID")]
    waba_id: String,

    /// The business number itself, digits with country code.
    #[arg(long, default_value = "551133334444", value_name = "DIGITS")]
    display_number: String,

    /// Does the GET handshake with the callback URL before anything else, with this token.
    #[arg(long, value_name = "TOKEN")]
    verify_token: Option<String>,

    /// Everything random comes from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Every person answers each delivered message with this text.
    #[arg(long, value_name = "TEXT")]
    auto_reply: Option<String>,

    /// Accept numbers without `+` that already begin with the country code.
    #[arg(long)]
    forgive_missing_plus: bool,
}

const AFTER_HELP: &str = "\
Playing the people:
  curl -d '{\"phone\": \"5511987654321\", \"name\": \"Maria\", \"text\": \"Oi\"}' http://127.0.0.1:8089/control/text
  curl http://127.0.0.1:8089/control/received
  curl http://127.0.0.1:8089/control/            lists the rest: faults, templates, the clock

A message to somebody who never wrote fails with 131026 (nobody there) and, 24 hours after their last
message, free-form ones fail with 131047. Statuses come as with a person who has the phone in hand: sent
after 0.3 s, delivered after 0.9 s, read after 4 s.

The program runs until it is interrupted.";

fn main() -> ExitCode {
    let options = Options::parse();
    let number = BusinessNumber::new(options.phone_number_id, options.display_number)
        .waba(options.waba_id)
        .token(options.token)
        .app_secret(options.app_secret);
    let started = Sandbox::start(SandboxConfig {
        listen: options.listen,
        numbers: vec![number],
        callback_url: options.callback,
        seed: options.seed,
        statuses: StatusPlan::REALISTIC,
        auto_reply: options.auto_reply,
        forgive_missing_plus: options.forgive_missing_plus,
        auto_deliver: true,
        control: true,
        ..SandboxConfig::default()
    });
    let sandbox = match started {
        Ok(sandbox) => sandbox,
        Err(error) => {
            eprintln!("guiche-sandbox: cannot listen: {error}");
            return ExitCode::FAILURE;
        }
    };
    // The first line is for programs: they read the port from it.
    println!("{}", sandbox.base_url());
    if let Some(token) = &options.verify_token {
        if let Err(failure) = sandbox.verify_callback(token) {
            eprintln!("guiche-sandbox: the callback URL was not verified: {failure}");
            return ExitCode::FAILURE;
        }
        eprintln!("guiche-sandbox: the callback URL was verified");
    }
    loop {
        thread::sleep(Duration::from_secs(3_600));
    }
}
