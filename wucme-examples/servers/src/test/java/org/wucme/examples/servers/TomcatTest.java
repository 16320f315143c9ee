package org.wucme.examples.servers;

import java.util.EnumSet;
import java.util.Set;
import org.apache.catalina.startup.Tomcat;
import org.wucme.manage.CertificateManager;

class TomcatTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.allOf(Proof.class);
    }

    @Override
    Running start(Scene scene) throws Exception {
        CertificateManager manager = scene.certificates().build();
        Tomcat server = TomcatServer.create(scene.keysWithTlsAlpn01(manager), scene.http01, scene.addresses);
        server.start();
        return new Running(manager, port(server, 0), port(server, 1), () -> {
            server.stop();
            server.destroy();
        });
    }

    private static int port(Tomcat server, int connector) {
        return server.getService().findConnectors()[connector].getLocalPort();
    }
}
