//! Platforms: the built-in Cloud API, a scripted one, or ports of the application's own.

use std::collections::HashMap;
use std::sync::Arc;

use guiche_core::engine::Platform as Ports;
use guiche_core::error::{Error, Problem};
use guiche_core::port::{HealthProbe, InboundDecoder};
use guiche_whatsapp::client::{CloudApi, CloudApiConfig, NumberAccess};
use guiche_whatsapp::webhook::CloudApiDecoder;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::fault::raise;
use crate::ports::{Decoder, Messaging, Probe, Templates, Transfer};
use crate::testing::ScriptedPort;

/// A platform, reached.
#[pyclass(frozen, module = "guiche")]
pub(crate) struct Platform {
    ports: Ports,
    health: Option<Arc<dyn HealthProbe>>,
}

#[pymethods]
impl Platform {
    /// Meta's Cloud API. Keep the token on the company's server: whoever has it can write to every client.
    ///
    /// Arguments:
    ///     token: The access token, for every number without its own.
    ///     app_secrets: By which deliveries are signed: the present one first, the one before while it is exchanged.
    ///     base_url: Where the API is, if not at Meta's own address: HTTPS, or this machine itself for the sandbox.
    ///     version: The Graph version, such as "v26.0".
    ///     numbers: What single numbers have of their own, by the platform's id of the number: a dict with "token",
    ///         "version" and "base_url", each of which may be left out.
    ///     proxy: A proxy's address.
    ///
    /// Raises:
    ///     Invalid: In the field that cannot be used: `base_url`, `version`, `token`, `proxy`.
    #[staticmethod]
    #[pyo3(signature = (token, app_secrets, *, base_url=None, version=None, numbers=None, proxy=None))]
    fn cloud_api(
        py: Python<'_>,
        token: String,
        app_secrets: Vec<String>,
        base_url: Option<String>,
        version: Option<String>,
        numbers: Option<HashMap<String, Bound<'_, PyDict>>>,
        proxy: Option<String>,
    ) -> PyResult<Self> {
        let mut config = CloudApiConfig::new(token);
        if let Some(base_url) = base_url {
            config.base_url = base_url;
        }
        if let Some(version) = version {
            config.version = version;
        }
        config.proxy = proxy;
        for (id, number) in numbers.into_iter().flatten() {
            let own = |name: &str| -> PyResult<Option<String>> {
                number.get_item(name)?.map_or(Ok(None), |value| value.extract())
            };
            let access = NumberAccess { token: own("token")?, version: own("version")?, base_url: own("base_url")? };
            config.numbers.insert(id, access);
        }
        let api =
            CloudApi::new(config).map_err(|error| raise(py, Error::invalid(error.field(), Problem::Malformed)))?;
        let api = Arc::new(api);
        let decoder = Arc::new(CloudApiDecoder::new(&app_secrets));
        let ports = Ports { messaging: api.clone(), decoder, templates: api.clone(), media: api.clone() };
        Ok(Self { ports, health: Some(api) })
    }

    /// Ports of the application's own. Deliveries are the Cloud API's, signed by one of `app_secrets`, or of another form,
    /// which `decoder` knows. Without `health` a person resumes a channel that a configuration error stopped.
    #[staticmethod]
    #[pyo3(signature = (*, messaging, templates, media, decoder=None, app_secrets=None, health=None))]
    fn of_ports(
        messaging: Py<PyAny>,
        templates: Py<PyAny>,
        media: Py<PyAny>,
        decoder: Option<Py<PyAny>>,
        app_secrets: Option<Vec<String>>,
        health: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let decoder: Arc<dyn InboundDecoder> = match (decoder, app_secrets) {
            (Some(decoder), None) => Arc::new(Decoder::new(decoder)),
            (None, Some(secrets)) => Arc::new(CloudApiDecoder::new(&secrets)),
            _ => return Err(PyTypeError::new_err("either a decoder or app_secrets")),
        };
        let messaging = Arc::new(Messaging::new(messaging));
        let (templates, media) = (Arc::new(Templates::new(templates)), Arc::new(Transfer::new(media)));
        let health = health.map(|probe| Arc::new(Probe::new(probe)) as Arc<dyn HealthProbe>);
        Ok(Self { ports: Ports { messaging, decoder, templates, media }, health })
    }

    /// A platform that answers by a script and keeps what was sent, with deliveries in the form of the Cloud API signed by
    /// `app_secret`: for tests.
    #[staticmethod]
    fn scripted(port: &ScriptedPort, app_secret: String) -> Self {
        let core = port.core();
        let decoder = Arc::new(CloudApiDecoder::new([app_secret]));
        let ports = Ports { messaging: core.clone(), decoder, templates: core.clone(), media: core.clone() };
        Self { ports, health: Some(core) }
    }
}

impl Platform {
    pub(crate) fn core(&self) -> Ports {
        self.ports.clone()
    }

    pub(crate) fn health(&self) -> Option<Arc<dyn HealthProbe>> {
        self.health.clone()
    }
}
