package org.wucme.examples.servers;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509ExtendedKeyManager;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerEvent;

/**
 * Spring Boot 3.5 or 4 with its Tomcat, which proves its names by http-01 on a plain port beside the TLS port:
 * {@code BootServer NAME...}
 *
 * <p>Boot gives Tomcat the key store of an SSL bundle and ignores the bundle's key manager; so each new certificate becomes a
 * new key store, by which Boot replaces the bundle and Tomcat its TLS context, without a restart.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class BootServer {

    private static final String BUNDLE = "acme";
    private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA");

    /** Serves the names on the command line. */
    public static void main(String[] names) throws IOException {
        SpringApplication.run(
                        BootServer.class,
                        "--server.port=443",
                        "--server.ssl.bundle=" + BUNDLE,
                        "--plain.port=80",
                        "--names=" + String.join(",", names))
                .getBean(CertificateManager.class)
                .start();
    }

    @GetMapping("/")
    String greet() {
        return "Hello.\n";
    }

    @Bean
    Http01Responder http01() {
        return new Http01Responder();
    }

    // Mapped to all paths, before every filter that asks for a login or redirects, such as Spring Security's. A bean
    // that is
    // only a filter comes after these.
    @Bean
    FilterRegistrationBean<Http01Filter> http01Filter(Http01Responder http01) {
        FilterRegistrationBean<Http01Filter> registration = new FilterRegistrationBean<>(new Http01Filter(http01));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    Connector plain(@Value("${plain.port}") int port) {
        Connector plain = new Connector();
        plain.setPort(port);
        return plain;
    }

    @Bean
    CertificateManager.Builder certificates(@Value("${names}") String[] names, Http01Responder http01)
            throws IOException {
        return Certificates.of(names).solvers(http01);
    }

    @Bean
    CertificateManager manager(CertificateManager.Builder certificates, ApplicationEventPublisher events) {
        return certificates.listener(events::publishEvent).build();
    }

    @Bean
    SslBundleRegistrar registrar(CertificateManager manager) {
        return registry -> registry.registerBundle(BUNDLE, current(manager));
    }

    @Bean
    Reload reload(CertificateManager manager, SslBundleRegistry registry) {
        return new Reload(manager, registry);
    }

    /** Replaces the bundle when there is a new certificate. */
    record Reload(CertificateManager manager, SslBundleRegistry registry) {

        @EventListener({ManagerEvent.Obtained.class, ManagerEvent.Renewed.class})
        void reload() {
            registry.updateBundle(BUNDLE, current(manager));
        }
    }

    /** The manager's certificate, or its temporary one. */
    static SslBundle current(CertificateManager manager) {
        try {
            X509ExtendedKeyManager keys = manager.keyManager();
            String alias = KEY_TYPES.stream()
                    .map(type -> keys.chooseEngineServerAlias(type, null, null))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("there is no certificate yet"));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", keys.getPrivateKey(alias), new char[0], keys.getCertificateChain(alias));
            return SslBundle.of(SslStoreBundle.of(store, "", null));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate cannot be made a key store", e);
        }
    }
}
