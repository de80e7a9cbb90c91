//! Owns TLS for the servers: a certificate made at the start that no one else knows, and the choice of HTTP/2 or HTTP/1.1.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::{Result, Within};

/// What HTTP/2 is called in TLS.
pub(super) const H2: &[u8] = b"h2";

/// Takes TLS connections with a fresh certificate, which a browser believes when it was told to believe any.
pub(crate) fn acceptor() -> Result<TlsAcceptor> {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names)
        .within(|| "making a certificate for the provider".to_owned())?;
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .within(|| "setting up TLS".to_owned())?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key);
    let mut config = config.within(|| "setting up TLS".to_owned())?;
    config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
