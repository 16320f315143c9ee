package org.wucme.examples.servers;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.util.EnumSet;
import java.util.Set;
import org.wucme.manage.CertificateManager;

class VertxTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.of(Proof.HTTP_01);
    }

    @Override
    Running start(Scene scene) throws Exception {
        CertificateManager manager = scene.certificates().build();
        Vertx vertx = Vertx.vertx();
        HttpServer plain = VertxServer.plain(vertx, scene.http01)
                .listen(SocketAddress.inetSocketAddress(scene.addresses.plain()))
                .await();
        HttpServer tls = VertxServer.tls(vertx, manager.keyManager())
                .listen(SocketAddress.inetSocketAddress(scene.addresses.tls()))
                .await();
        return new Running(
                manager,
                plain.actualPort(),
                tls.actualPort(),
                () -> vertx.close().await());
    }
}
