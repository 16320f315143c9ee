package org.wucme.examples.servers;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.manage.CertificateManager;

/**
 * Tomcat 10.1 or 11, which proves its names by tls-alpn-01 on its TLS port, or by http-01 on its plain port:
 * {@code TomcatServer NAME...}
 */
public final class TomcatServer {

    private TomcatServer() {}

    /** Serves the names on the command line. */
    public static void main(String[] names) throws IOException, GeneralSecurityException, LifecycleException {
        Http01Responder http01 = new Http01Responder();
        TlsAlpn01Responder tlsAlpn01 = new TlsAlpn01Responder();
        CertificateManager manager =
                Certificates.of(names).solvers(tlsAlpn01, http01).build();
        create(new TlsAlpn01KeyManager(tlsAlpn01, manager.keyManager()), http01, Addresses.STANDARD)
                .start();
        manager.start();
    }

    /** A server with the certificates of this key manager, to be started; its first connector is the plain one. */
    static Tomcat create(X509ExtendedKeyManager keys, Http01Responder http01, Addresses at)
            throws IOException, GeneralSecurityException {
        Tomcat tomcat = new Tomcat();
        File base = Files.createTempDirectory("tomcat").toFile();
        tomcat.setBaseDir(base.getPath());
        tomcat.setConnector(connector(at.plain()));
        tomcat.getService().addConnector(tls(keys, at.tls()));

        Context application = tomcat.addContext("", base.getPath());
        addFilter(application, new Http01Filter(http01));
        Tomcat.addServlet(application, "greeting", new Greeting()).addMapping("/");
        return tomcat;
    }

    private static Connector connector(InetSocketAddress address) {
        Connector connector = new Connector();
        connector.setProperty("address", address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        return connector;
    }

    private static Connector tls(X509ExtendedKeyManager keys, InetSocketAddress address)
            throws GeneralSecurityException {
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setSslContext(new TomcatContext(Certificates.sslContext(keys)));
        host.addCertificate(certificate);

        Connector connector = connector(address);
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        connector.addSslHostConfig(host);
        connector.addUpgradeProtocol(new AcmeTlsUpgrade());
        return connector;
    }

    private static void addFilter(Context application, Http01Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName("http-01");
        definition.setFilter(filter);
        application.addFilterDef(definition);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName("http-01");
        mapping.addURLPattern("/*");
        application.addFilterMap(mapping);
    }
}
