package org.wucme.examples.servers;

import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** A plain port beside the one of {@code server.port}, in Spring Boot 4. */
@Component
final class PlainPort implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final Connector connector = new Connector();

    PlainPort(@Value("${plain.port}") int port) {
        connector.setPort(port);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addAdditionalConnectors(connector);
    }

    /** Where it listens. */
    int port() {
        return connector.getLocalPort();
    }
}
