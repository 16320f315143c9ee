package org.wucme.examples.servers;

import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.wucme.manage.CertificateManager;

class JettyTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.allOf(Proof.class);
    }

    @Override
    Running start(Scene scene) throws Exception {
        CertificateManager manager = scene.certificates().build();
        Server server = JettyServer.create(scene.keysWithTlsAlpn01(manager), scene.http01, scene.addresses);
        server.start();
        return new Running(manager, port(server, 0), port(server, 1), server::stop);
    }

    private static int port(Server server, int connector) {
        return ((NetworkConnector) server.getConnectors()[connector]).getLocalPort();
    }
}
