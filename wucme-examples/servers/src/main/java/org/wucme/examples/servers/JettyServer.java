package org.wucme.examples.servers;

import jakarta.servlet.DispatcherType;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.tlsalpn.AcmeTlsProtocol;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.manage.CertificateManager;

/** Jetty 12, which proves its names by tls-alpn-01 on its TLS port, or by http-01 on its plain port: {@code JettyServer NAME...} */
public final class JettyServer {

    private JettyServer() {}

    /** Serves the names on the command line. */
    public static void main(String[] names) throws Exception {
        Http01Responder http01 = new Http01Responder();
        TlsAlpn01Responder tlsAlpn01 = new TlsAlpn01Responder();
        CertificateManager manager =
                Certificates.of(names).solvers(tlsAlpn01, http01).build();
        create(new TlsAlpn01KeyManager(tlsAlpn01, manager.keyManager()), http01, Addresses.STANDARD)
                .start();
        manager.start();
    }

    /** A server with the certificates of this key manager, to be started. */
    static Server create(X509ExtendedKeyManager keys, Http01Responder http01, Addresses at)
            throws GeneralSecurityException {
        Server server = new Server();
        server.addConnector(connector(server, at.plain(), new HttpConnectionFactory()));

        SslContextFactory.Server tls = new OfferingAcmeTls();
        tls.setSslContext(Certificates.sslContext(keys));
        HttpConfiguration secure = new HttpConfiguration();
        secure.addCustomizer(new SecureRequestCustomizer());
        server.addConnector(connector(
                server, at.tls(), new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(secure)));

        ServletContextHandler application = new ServletContextHandler("/");
        application.addFilter(new FilterHolder(new Http01Filter(http01)), "/*", EnumSet.of(DispatcherType.REQUEST));
        application.addServlet(new ServletHolder(new Greeting()), "/");
        server.setHandler(application);
        return server;
    }

    private static ServerConnector connector(Server server, InetSocketAddress address, ConnectionFactory... protocols) {
        ServerConnector connector = new ServerConnector(server, protocols);
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        return connector;
    }

    private static final class OfferingAcmeTls extends SslContextFactory.Server {

        @Override
        public void customize(SSLEngine engine) {
            super.customize(engine);
            AcmeTlsProtocol.offer(engine);
        }
    }
}
