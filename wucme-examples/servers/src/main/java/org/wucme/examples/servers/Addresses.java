package org.wucme.examples.servers;

import java.net.InetSocketAddress;

/**
 * Where a server listens.
 *
 * @param plain for HTTP, where CAs ask for http-01
 * @param tls for HTTPS, where CAs ask for tls-alpn-01
 */
record Addresses(InetSocketAddress plain, InetSocketAddress tls) {

    /** The ports that browsers and CAs ask, on all addresses. */
    static final Addresses STANDARD = new Addresses(new InetSocketAddress(80), new InetSocketAddress(443));
}
