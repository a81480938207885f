//! Platforms: the built-in Cloud API, a scripted one, or ports of the application's own.

use std::collections::HashMap;
use std::sync::Arc;

use guiche_core::engine::Platform as Ports;
use guiche_whatsapp::client::{CloudApi, CloudApiConfig, NumberAccess};
use guiche_whatsapp::webhook::CloudApiDecoder;

use crate::ports::{DecoderAdapter, MessagingAdapter, ProbeAdapter, TemplatesAdapter, TransferAdapter};
use crate::{GuicheError, HealthProbe, InboundDecoder, MediaTransfer, MessagingPort, Problem, TemplateSource};

/// How the Cloud API is reached.
///
/// A company's server holds the token. Do not ship it in a phone app: whoever has the app has the token. An app plugs in
/// ports of its own that talk to the company's server (see [`Platform::of_ports`]).
#[derive(Clone, uniffi::Record)]
pub struct CloudApiSettings {
    /// The access token, for every number without its own.
    pub token: String,
    /// The app secrets by which deliveries are signed: the present one first, the one before while it is exchanged.
    pub app_secrets: Vec<String>,
    /// Where the API is, if not at Meta's own address: HTTPS, or this machine itself for the sandbox.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// The Graph version, such as `v26.0`.
    #[uniffi(default = None)]
    pub version: Option<String>,
    /// What single numbers have of their own, by the platform's id of the number.
    #[uniffi(default = None)]
    pub numbers: Option<HashMap<String, NumberSettings>>,
    /// A proxy's address.
    #[uniffi(default = None)]
    pub proxy: Option<String>,
}

/// What a single number has of its own.
#[derive(Clone, uniffi::Record)]
pub struct NumberSettings {
    /// Its token.
    #[uniffi(default = None)]
    pub token: Option<String>,
    /// Its Graph version.
    #[uniffi(default = None)]
    pub version: Option<String>,
    /// Where the API is for it.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
}

/// The ports of an application's own.
#[derive(uniffi::Record)]
pub struct PlatformPorts {
    /// Hands messages over.
    pub messaging: Arc<dyn MessagingPort>,
    /// Checks and decodes deliveries.
    pub decoder: Arc<dyn InboundDecoder>,
    /// Lists templates.
    pub templates: Arc<dyn TemplateSource>,
    /// Moves files.
    pub media: Arc<dyn MediaTransfer>,
    /// Asks after channels that a configuration error stopped.
    #[uniffi(default = None)]
    pub health: Option<Arc<dyn HealthProbe>>,
}

/// A platform, reached.
#[derive(uniffi::Object)]
pub struct Platform {
    ports: Ports,
    health: Option<Arc<dyn guiche_core::port::HealthProbe>>,
}

#[uniffi::export]
impl Platform {
    /// Meta's Cloud API.
    ///
    /// # Errors
    /// `malformed` in the field that cannot be used: `base_url`, `version`, `token`, `proxy`.
    #[uniffi::constructor]
    pub fn cloud_api(settings: CloudApiSettings) -> Result<Arc<Self>, GuicheError> {
        let mut config = CloudApiConfig::new(settings.token);
        if let Some(base_url) = settings.base_url {
            config.base_url = base_url;
        }
        if let Some(version) = settings.version {
            config.version = version;
        }
        config.proxy = settings.proxy;
        for (id, number) in settings.numbers.into_iter().flatten() {
            let NumberSettings { token, version, base_url } = number;
            config.numbers.insert(id, NumberAccess { token, version, base_url });
        }
        let api = CloudApi::new(config)
            .map_err(|error| GuicheError::Invalid { field: error.field().to_owned(), problem: Problem::Malformed })?;
        let api = Arc::new(api);
        let decoder = Arc::new(CloudApiDecoder::new(&settings.app_secrets));
        let ports = Ports { messaging: api.clone(), decoder, templates: api.clone(), media: api.clone() };
        Ok(Arc::new(Self { ports, health: Some(api) }))
    }

    /// The Cloud API's deliveries, with messages going through ports of the application's own: for an app that talks to its
    /// company's server.
    #[uniffi::constructor]
    pub fn of_ports(ports: PlatformPorts) -> Arc<Self> {
        Arc::new(Self {
            ports: Ports {
                messaging: Arc::new(MessagingAdapter(ports.messaging)),
                decoder: Arc::new(DecoderAdapter(ports.decoder)),
                templates: Arc::new(TemplatesAdapter(ports.templates)),
                media: Arc::new(TransferAdapter(ports.media)),
            },
            health: ports.health.map(|probe| Arc::new(ProbeAdapter(probe)) as Arc<dyn guiche_core::port::HealthProbe>),
        })
    }
}

#[cfg(feature = "testing")]
#[uniffi::export]
impl Platform {
    /// A platform that answers by a script and keeps what was sent, with deliveries in the form of the Cloud API signed by
    /// `app_secret`: for tests.
    #[uniffi::constructor]
    pub fn scripted(port: Arc<crate::ScriptedPort>, app_secret: String) -> Arc<Self> {
        let core = port.core();
        let decoder = Arc::new(CloudApiDecoder::new([app_secret]));
        let ports = Ports { messaging: core.clone(), decoder, templates: core.clone(), media: core.clone() };
        Arc::new(Self { ports, health: Some(core) })
    }
}

impl Platform {
    pub(crate) fn core(&self) -> Ports {
        self.ports.clone()
    }

    pub(crate) fn health(&self) -> Option<Arc<dyn guiche_core::port::HealthProbe>> {
        self.health.clone()
    }
}
