//! Where the service is and how it is reached.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use ureq::http::Uri;

/// Settings of [`HttpModules`](crate::HttpModules). `Debug` hides the token.
#[derive(Clone)]
pub struct ModulesConfig {
    /// Where the service is. HTTPS; plain HTTP only to this machine itself.
    pub base_url: String,
    /// The bearer token.
    pub token: String,
    /// The page of a record, by module: a web address in which `{kind}` and `{number}` stand for the record's.
    pub pages: BTreeMap<String, String>,
    /// What requests call themselves.
    pub user_agent: String,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for each of: the request to leave, the answer to begin, the answer to end. Three times this and the
    /// wait for a connection must stay below the engine's lease (120 s by default).
    pub answer_timeout: Duration,
    /// A proxy's address; by default none, whatever the environment says.
    pub proxy: Option<String>,
}

impl ModulesConfig {
    /// Ordinary settings.
    #[must_use]
    pub fn new(base_url: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            token: token.into(),
            pages: BTreeMap::new(),
            user_agent: concat!("guiche/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(15),
            proxy: None,
        }
    }

    /// The base address without a slash at its end.
    pub(crate) fn checked(&self) -> Result<String, ConfigError> {
        if self.token.is_empty() || !self.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigError::Token);
        }
        if !self.user_agent.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            return Err(ConfigError::UserAgent);
        }
        let pages_are_web = self.pages.values().all(|page| guiche_core::module::is_web_address(page));
        if !pages_are_web {
            return Err(ConfigError::Page);
        }
        let text = self.base_url.trim_end_matches('/');
        let uri: Uri = text.parse().map_err(|_| ConfigError::BaseUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(ConfigError::BaseUrl)?.to_ascii_lowercase();
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) || uri.query().is_some() {
            return Err(ConfigError::BaseUrl);
        }
        match uri.scheme_str() {
            Some("https") => Ok(text.to_owned()),
            Some("http") if is_this_machine(&host) => Ok(text.to_owned()),
            Some("http") => Err(ConfigError::NotHttps),
            _ => Err(ConfigError::BaseUrl),
        }
    }
}

impl fmt::Debug for ModulesConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModulesConfig")
            .field("base_url", &self.base_url)
            .field("pages", &self.pages.len())
            .finish_non_exhaustive()
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The base address is not a URL, or carries a user or a query.
    #[error("base URL malformed")]
    BaseUrl,
    /// The base address is neither HTTPS nor on this machine: token and contacts would travel readable.
    #[error("base URL is not HTTPS")]
    NotHttps,
    /// The token is empty or holds what a header cannot.
    #[error("token malformed")]
    Token,
    /// The user agent holds what a header cannot.
    #[error("user agent malformed")]
    UserAgent,
    /// A page is no web address.
    #[error("page address malformed")]
    Page,
    /// The proxy's address is not one.
    #[error("proxy malformed")]
    Proxy,
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let base = |url: &str| ModulesConfig::new(url, "token").checked();
        for good in ["https://modules.example/v1/", "http://127.0.0.1:8080", "http://[::1]:9/x"] {
            assert!(base(good).is_ok(), "{good}");
        }
        assert_eq!(base("http://modules.example").err(), Some(ConfigError::NotHttps));
        for bad in ["", "modules.example", "ftp://x.y", "https://user@modules.example", "https://x/?a=1"] {
            assert_eq!(base(bad).err(), Some(ConfigError::BaseUrl), "{bad}");
        }
    }

    #[test]
    fn what_a_header_or_a_screen_cannot_hold_is_refused() {
        for bad in ["", "a token\r\nwith more"] {
            assert_eq!(ModulesConfig::new("https://x.example", bad).checked().err(), Some(ConfigError::Token));
        }
        let pages = BTreeMap::from([("vendas".to_owned(), "javascript:{number}".to_owned())]);
        let config = ModulesConfig { pages, ..ModulesConfig::new("https://x.example", "t") };
        assert_eq!(config.checked().err(), Some(ConfigError::Page));
    }

    #[test]
    fn debug_shows_no_token() {
        assert!(!format!("{:?}", ModulesConfig::new("https://x.example", "s3cret")).contains("s3cret"));
    }
}
