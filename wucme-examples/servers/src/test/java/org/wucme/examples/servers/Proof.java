package org.wucme.examples.servers;

/** How a server proves its names to a CA. */
enum Proof {
    HTTP_01,
    TLS_ALPN_01
}
