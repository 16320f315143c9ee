package org.wucme.examples.servers;

import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import org.wucme.manage.CertificateManager;

class UndertowTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.of(Proof.HTTP_01);
    }

    @Override
    Running start(Scene scene) throws Exception {
        CertificateManager manager = scene.certificates().build();
        Undertow server = UndertowServer.create(manager.sslContext(), scene.http01, scene.addresses);
        server.start();
        return new Running(manager, port(server, 0), port(server, 1), server::stop);
    }

    private static int port(Undertow server, int listener) {
        return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
    }
}
