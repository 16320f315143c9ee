package org.wucme.examples.servers;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.wucme.manage.CertificateManager;

@Tag("embedding")
class NettyTest extends ServerRow {

    @Override
    Set<Proof> proofs() {
        return EnumSet.allOf(Proof.class);
    }

    @Override
    Running start(Scene scene) throws Exception {
        CertificateManager manager = scene.certificates().build();
        NettyServer server = new NettyServer(scene.keysWithTlsAlpn01(manager), scene.http01);
        Channel plain = server.listen(scene.addresses.plain());
        Channel tls = server.listenTls(scene.addresses.tls());
        return new Running(manager, port(plain), port(tls), server);
    }

    private static int port(Channel listener) {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }
}
