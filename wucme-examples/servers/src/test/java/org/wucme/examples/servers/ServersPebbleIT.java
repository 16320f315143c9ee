package org.wucme.examples.servers;

import java.util.stream.Stream;

class ServersPebbleIT extends PebbleRows {

    @Override
    Stream<ServerRow> rows() {
        return Stream.of(
                new JdkTest(),
                new JettyTest(),
                new TomcatTest(),
                new UndertowTest(),
                new NettyTest(),
                new VertxTest(),
                new BootTest());
    }
}
