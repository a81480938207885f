//! Where the Cloud API is and how it is reached.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use ureq::http::Uri;

/// Settings of a [`CloudApi`](super::CloudApi). `Debug` hides the tokens.
#[derive(Clone)]
pub struct CloudApiConfig {
    /// Where the API is, without a version. HTTPS; plain HTTP only to this machine itself, for the sandbox.
    pub base_url: String,
    /// The Graph version. Source: Meta, Graph API changelog: v26.0 since 2026-07-29; an expired version is silently
    /// served by the oldest live one.
    pub version: String,
    /// The access token, for every number without its own.
    pub token: String,
    /// Settings of single numbers, by the platform's id of the number.
    pub numbers: BTreeMap<String, NumberAccess>,
    /// What requests call themselves. Some of Meta's file servers refuse libraries' default names.
    pub user_agent: String,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for each of: the request to leave, the answer to begin, the answer to end. Three times this must
    /// stay below the engine's lease of a delivery (120 s by default), so that no two pumps hold one message.
    pub answer_timeout: Duration,
    /// Longest silence while a file is moving.
    pub idle_timeout: Duration,
    /// Longest time for a whole file to move, however steadily.
    pub file_timeout: Duration,
    /// Whether sends may reuse a connection. Faster; but a connection that the platform is just closing turns a message
    /// into one in doubt, which a person then has to settle. Never into one sent twice.
    pub reuse_connections: bool,
    /// A proxy's address; by default none, whatever the environment says.
    pub proxy: Option<String>,
}

/// What a single number has of its own.
#[derive(Clone, Default)]
pub struct NumberAccess {
    /// Its token.
    pub token: Option<String>,
    /// Its Graph version.
    pub version: Option<String>,
    /// Where the API is for it, as [`CloudApiConfig::base_url`].
    pub base_url: Option<String>,
}

impl fmt::Debug for NumberAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { token, version, base_url } = self;
        write!(f, "NumberAccess(token {}, version {version:?}, base URL {base_url:?})", token.is_some())
    }
}

impl fmt::Debug for CloudApiConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudApiConfig")
            .field("base_url", &self.base_url)
            .field("version", &self.version)
            .field("numbers", &self.numbers.len())
            .field("reuse_connections", &self.reuse_connections)
            .finish_non_exhaustive()
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A base address is not a URL, or carries a user, a query or a fragment.
    #[error("base URL malformed")]
    BaseUrl,
    /// A base address is neither HTTPS nor on this machine: the token would travel readable.
    #[error("base URL is not HTTPS")]
    NotHttps,
    /// The version is not of the form `v26.0`.
    #[error("version malformed")]
    Version,
    /// A token is empty or holds what a header cannot.
    #[error("token malformed")]
    Token,
    /// The user agent holds what a header cannot.
    #[error("user agent malformed")]
    UserAgent,
    /// The proxy's address is not one.
    #[error("proxy malformed")]
    Proxy,
}

impl ConfigError {
    /// The setting that cannot be used.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            ConfigError::BaseUrl | ConfigError::NotHttps => "base_url",
            ConfigError::Version => "version",
            ConfigError::Token => "token",
            ConfigError::UserAgent => "user_agent",
            ConfigError::Proxy => "proxy",
        }
    }
}

impl CloudApiConfig {
    /// Meta's own address and ordinary settings, with a token.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            base_url: "https://graph.facebook.com".to_owned(),
            version: "v26.0".to_owned(),
            token: token.into(),
            numbers: BTreeMap::new(),
            user_agent: concat!("guiche/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            file_timeout: Duration::from_secs(10 * 60),
            reuse_connections: false,
            proxy: None,
        }
    }

    pub(super) fn version_of(&self, number_id: &str) -> &str {
        self.numbers.get(number_id).and_then(|number| number.version.as_deref()).unwrap_or(&self.version)
    }

    pub(super) fn token_of(&self, number_id: &str) -> &str {
        self.numbers.get(number_id).and_then(|number| number.token.as_deref()).unwrap_or(&self.token)
    }

    pub(super) fn checked(&self) -> Result<Bases, ConfigError> {
        let versions = self.numbers.values().filter_map(|number| number.version.as_ref());
        if !versions.chain([&self.version]).all(|version| is_version(version)) {
            return Err(ConfigError::Version);
        }
        let tokens = self.numbers.values().filter_map(|number| number.token.as_ref());
        // One token may stand for all, or each number has its own.
        let default = (!self.token.is_empty() || self.numbers.is_empty()).then_some(&self.token);
        if !tokens.chain(default).all(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(ConfigError::Token);
        }
        if !self.user_agent.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err(ConfigError::UserAgent);
        }
        let own = self.numbers.iter().filter_map(|(id, number)| Some((id, number.base_url.as_ref()?)));
        let own: Result<_, ConfigError> = own.map(|(id, text)| Ok((id.clone(), Base::parse(text)?))).collect();
        Ok(Bases { common: Base::parse(&self.base_url)?, own: own? })
    }
}

/// Where the API is, for every number.
pub(super) struct Bases {
    common: Base,
    own: BTreeMap<String, Base>,
}

impl Bases {
    pub(super) fn of(&self, number_id: &str) -> &Base {
        self.own.get(number_id).unwrap_or(&self.common)
    }
}

fn is_version(text: &str) -> bool {
    let Some((major, minor)) = text.strip_prefix('v').and_then(|rest| rest.split_once('.')) else { return false };
    [major, minor].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The base address, understood.
pub(super) struct Base {
    /// Without a slash at its end.
    pub(super) text: String,
    host: String,
    port: Option<u16>,
    is_https: bool,
}

/// Hosts, with all below them, that Meta serves files from; the token may be shown to them.
///
/// Source: Meta, business-phone-numbers/media (2026-06-16), whose samples are on `lookaside.fbsbx.com`; WHATSAPP 4.2.
const FILE_HOSTS: [&str; 4] = ["fbcdn.net", "fbsbx.com", "facebook.com", "whatsapp.net"];

impl Base {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let text = text.trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| ConfigError::BaseUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(ConfigError::BaseUrl)?.to_ascii_lowercase();
        let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if has_user || uri.query().is_some() {
            return Err(ConfigError::BaseUrl);
        }
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_this_machine(&host) => false,
            Some("http") => return Err(ConfigError::NotHttps),
            _ => return Err(ConfigError::BaseUrl),
        };
        Ok(Self { text: text.to_owned(), host, port: uri.port_u16(), is_https })
    }

    /// Whether the token may go to this address, which came in an answer's body: only to Meta's own hosts over HTTPS,
    /// or back to where the API itself is.
    pub(super) fn trusts(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let Some(host) = uri.host().map(str::to_ascii_lowercase) else { return false };
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return false;
        }
        let scheme = if self.is_https { "https" } else { "http" };
        if uri.scheme_str() == Some(scheme) && host == self.host && uri.port_u16() == self.port {
            return true;
        }
        let is_metas = FILE_HOSTS
            .iter()
            .any(|known| host.strip_suffix(known).is_some_and(|front| front.is_empty() || front.ends_with('.')));
        is_metas && uri.scheme_str() == Some("https") && matches!(uri.port_u16(), None | Some(443))
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(url: &str) -> Result<Base, ConfigError> {
        CloudApiConfig { base_url: url.to_owned(), ..CloudApiConfig::new("token") }.checked().map(|bases| bases.common)
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in ["https://graph.facebook.com/", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"] {
            assert!(base(good).is_ok(), "{good}");
        }
        assert_eq!(base("http://graph.facebook.com").err(), Some(ConfigError::NotHttps));
        for bad in ["", "graph.facebook.com", "ftp://x.y", "https://user@graph.facebook.com", "https://x/?a=1"] {
            assert_eq!(base(bad).err(), Some(ConfigError::BaseUrl), "{bad}");
        }
    }

    #[test]
    fn tokens_and_versions_are_checked_before_they_are_used() {
        let config = CloudApiConfig::new("a token\r\nwith more");
        assert_eq!(config.checked().err(), Some(ConfigError::Token));
        assert_eq!(CloudApiConfig::new("").checked().err(), Some(ConfigError::Token));
        let config = CloudApiConfig { version: "26".to_owned(), ..CloudApiConfig::new("t") };
        assert_eq!(config.checked().err(), Some(ConfigError::Version));
        assert!(!format!("{:?}", CloudApiConfig::new("secret-token")).contains("secret"));
    }

    #[test]
    fn the_token_goes_to_metas_hosts_and_nowhere_else() {
        let real = base("https://graph.facebook.com").unwrap();
        for good in [
            "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
            "https://LOOKASIDE.FBSBX.COM/x",
            "https://scontent.xx.fbcdn.net/v/1",
            "https://mmg.whatsapp.net:443/x",
            "https://graph.facebook.com/x",
        ] {
            assert!(real.trusts(good), "{good}");
        }
        for bad in [
            "http://lookaside.fbsbx.com/x",
            "https://evilfbsbx.com/x",
            "https://fbsbx.com.evil.example/x",
            "https://fbsbx.com@evil.example/x",
            "https://user@lookaside.fbsbx.com/x",
            "https://lookaside.fbsbx.com:8443/x",
            "https://127.0.0.1/x",
            "file:///etc/passwd",
            "/relative",
            "",
        ] {
            assert!(!real.trusts(bad), "{bad}");
        }
        let sandbox = base("http://127.0.0.1:8080").unwrap();
        assert!(sandbox.trusts("http://127.0.0.1:8080/media/1"));
        assert!(!sandbox.trusts("http://127.0.0.1:8081/media/1"));
        assert!(!sandbox.trusts("http://example.com:8080/media/1"));
    }
}
