package org.wucme.examples.servers;

import org.wucme.manage.CertificateManager;

/**
 * A server that was started with its manager, which was not yet.
 *
 * @param plainPort where it speaks HTTP; where it does not, the port of TLS
 */
record Running(CertificateManager manager, int plainPort, int tlsPort, AutoCloseable server) implements AutoCloseable {

    @Override
    public void close() throws Exception {
        manager.close();
        server.close();
    }
}
