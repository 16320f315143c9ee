package org.wucme.examples.servers;

import java.util.stream.Stream;

class Tomcat10PebbleIT extends PebbleRows {

    @Override
    Stream<ServerRow> rows() {
        return Stream.of(new TomcatTest(), new BootTest());
    }
}
