package org.wucme.examples.servers;

import com.sun.net.httpserver.HttpsServer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Tag;
import org.wucme.manage.CertificateManager;

@Tag("embedding")
class JdkTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.of(Proof.TLS_ALPN_01);
    }

    @Override
    Running start(Scene scene) throws Exception {
        CertificateManager manager = scene.certificates().build();
        HttpsServer server = JdkServer.create(scene.keysWithTlsAlpn01(manager), scene.addresses.tls());
        server.start();
        int port = server.getAddress().getPort();
        return new Running(manager, port, port, () -> {
            server.stop(0);
            ((ExecutorService) server.getExecutor()).shutdownNow();
        });
    }
}
