//! The WhatsApp Cloud API as this host plugs it in, with settings from flags and environment.

use std::fmt;
use std::sync::Arc;

use clap::Args;
use guiche_core::engine::Platform;
use guiche_core::port::HealthProbe;
use guiche_whatsapp::client::{CloudApi, CloudApiConfig};
use guiche_whatsapp::webhook::CloudApiDecoder;

use crate::failure::Failure;

/// Access to Meta's Graph API.
#[derive(Clone, Args)]
pub(crate) struct PlatformArgs {
    /// Where the Graph API is. Only another one for tests and proxies.
    #[arg(long, env = "GUICHE_GRAPH_URL", default_value = "https://graph.facebook.com")]
    graph_url: String,
    /// Access token of a system user with whatsapp_business_messaging and whatsapp_business_management.
    #[arg(long, env = "GUICHE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The Graph version to speak.
    #[arg(long, env = "GUICHE_GRAPH_VERSION", default_value = "v26.0")]
    graph_version: String,
    /// The app's secret, by which deliveries are signed; several, separated by commas, while a number moves between apps.
    #[arg(long, env = "GUICHE_APP_SECRET", hide_env_values = true)]
    app_secret: Option<String>,
    /// The token that was typed in when the webhook was set up at Meta.
    #[arg(long, env = "GUICHE_VERIFY_TOKEN", hide_env_values = true)]
    verify_token: Option<String>,
}

impl fmt::Debug for PlatformArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformArgs").field("graph_url", &self.graph_url).finish_non_exhaustive()
    }
}

fn needed(value: Option<&String>, variable: &str) -> Result<String, Failure> {
    value.filter(|text| !text.is_empty()).cloned().ok_or_else(|| {
        Failure::usage(
            "setting_missing",
            format!("Falta uma configuração: defina {variable} ou a opção correspondente."),
            format!("A setting is missing: set {variable} or the flag of that name."),
        )
    })
}

impl PlatformArgs {
    /// Everything the engine needs to talk to Meta and to believe what it says.
    pub(crate) fn platform(&self) -> Result<WhatsApp, Failure> {
        let secrets = needed(self.app_secret.as_ref(), "GUICHE_APP_SECRET")?;
        self.with_secrets(&secrets)
    }

    /// The same for commands that only ask and never receive.
    pub(crate) fn asking(&self) -> Result<WhatsApp, Failure> {
        self.with_secrets(self.app_secret.as_deref().unwrap_or_default())
    }

    fn with_secrets(&self, secrets: &str) -> Result<WhatsApp, Failure> {
        let config = CloudApiConfig {
            base_url: self.graph_url.clone(),
            version: self.graph_version.clone(),
            ..CloudApiConfig::new(needed(self.token.as_ref(), "GUICHE_TOKEN")?)
        };
        cloud_api(config, secrets.split(',').map(str::trim))
    }

    /// What Meta has to know at the handshake.
    pub(crate) fn verify_token(&self) -> Result<String, Failure> {
        needed(self.verify_token.as_ref(), "GUICHE_VERIFY_TOKEN")
    }
}

/// Everything of WhatsApp that is plugged into the engine.
pub(crate) struct WhatsApp {
    /// Messages, deliveries, templates and files.
    pub(crate) platform: Platform,
    /// Whom to ask after a number that was stopped.
    pub(crate) probe: Arc<dyn HealthProbe>,
}

/// The Cloud API, for messages, templates, files and health, and the decoder of its deliveries.
pub(crate) fn cloud_api<'a>(
    config: CloudApiConfig,
    app_secrets: impl IntoIterator<Item = &'a str>,
) -> Result<WhatsApp, Failure> {
    let client = Arc::new(CloudApi::new(config).map_err(|error| {
        Failure::usage(
            "setting_wrong",
            format!("O acesso à Graph API está mal configurado ({error})."),
            format!("Access to the Graph API is set wrongly ({error})."),
        )
    })?);
    let platform = Platform {
        messaging: client.clone(),
        templates: client.clone(),
        media: client.clone(),
        decoder: Arc::new(CloudApiDecoder::new(app_secrets)),
    };
    Ok(WhatsApp { platform, probe: client })
}
