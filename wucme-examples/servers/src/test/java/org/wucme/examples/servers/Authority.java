package org.wucme.examples.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import org.wucme.acme.Ca;
import org.wucme.testing.Pebble;
import org.wucme.testing.ca.TestCa;

/**
 * A CA that validates what a server on this machine serves, whatever the name.
 *
 * @param tlsRoot the root of its own certificate
 * @param issuerRoot the root of the certificates that it issues
 * @param addresses where a server must listen for it
 * @param told is told of the server that listens there
 */
record Authority(
        Ca ca, X509Certificate tlsRoot, X509Certificate issuerRoot, Addresses addresses, Consumer<Running> told) {

    static Authority of(TestCa ca) {
        return new Authority(
                new Ca("test", ca.directoryUrl()),
                ca.tlsRoot(),
                ca.issuerRoot(),
                loopback(0, 0),
                server -> ca.validateHttp01At(server.plainPort()).validateTlsAlpn01At(server.tlsPort()));
    }

    static Authority of(Pebble pebble) throws IOException {
        return new Authority(
                new Ca("pebble", pebble.directoryUrl()),
                pebble.tlsRoot(),
                pebble.issuerRoot(),
                loopback(pebble.httpPort(), pebble.tlsPort()),
                server -> {});
    }

    static Addresses loopback(int plain, int tls) {
        InetAddress here = InetAddress.getLoopbackAddress();
        return new Addresses(new InetSocketAddress(here, plain), new InetSocketAddress(here, tls));
    }
}
