package org.wucme.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.testing.EngineHandshake;
import org.wucme.testing.TrustEverybody;
import org.wucme.tls.ServerCertificates;

/** The key managers below every TLS that Java servers use, each with its own words for keys and names. */
class TlsProvidersTest {

    private static final KeyPair P256 = KeyType.EC_P256.generate();
    private static final KeyPair P384 = KeyType.EC_P384.generate();
    private static final KeyPair RSA = KeyType.RSA_2048.generate();
    private static final String[] OFFERED = {"http/1.1", TlsAlpn01.PROTOCOL};

    private final Source source = new Source();

    /** The TLS of a server. */
    enum Tls {
        SUN {
            @Override
            SSLEngine engine(X509ExtendedKeyManager keys) throws GeneralSecurityException {
                return context(SSLContext.getInstance("TLS", "SunJSSE"), keys);
            }
        },
        BOUNCY_CASTLE {
            @Override
            SSLEngine engine(X509ExtendedKeyManager keys) throws GeneralSecurityException {
                Provider provider =
                        provider("org.bouncycastle.jsse.provider.BouncyCastleJsseProvider", new BouncyCastleProvider());
                return context(SSLContext.getInstance("TLS", provider), keys);
            }
        },
        CONSCRYPT {
            @Override
            SSLEngine engine(X509ExtendedKeyManager keys) throws GeneralSecurityException {
                return context(SSLContext.getInstance("TLS", provider("org.conscrypt.OpenSSLProvider")), keys);
            }
        },
        NETTY_OPENSSL {
            @Override
            SSLEngine engine(X509ExtendedKeyManager keys) throws SSLException {
                assumeTrue(OpenSsl.isAvailable(), "there is no OpenSSL of Netty's for this machine");
                return SslContextBuilder.forServer(keys)
                        .sslProvider(SslProvider.OPENSSL)
                        .applicationProtocolConfig(new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                OFFERED))
                        .build()
                        .newEngine(UnpooledByteBufAllocator.DEFAULT);
            }
        };

        abstract SSLEngine engine(X509ExtendedKeyManager keys) throws GeneralSecurityException, SSLException;

        /** Not registered: it is only asked for its TLS. */
        private static Provider provider(String type, Provider... below) {
            try {
                Class<?>[] parameters = below.length == 0 ? new Class<?>[0] : new Class<?>[] {Provider.class};
                return Class.forName(type)
                        .asSubclass(Provider.class)
                        .getConstructor(parameters)
                        .newInstance((Object[]) below);
            } catch (InvocationTargetException e) {
                // The library in native code.
                assumeTrue(!(e.getCause() instanceof LinkageError), "there is no " + type + " for this machine");
                throw new IllegalStateException(e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static SSLEngine context(SSLContext context, X509ExtendedKeyManager keys)
                throws GeneralSecurityException {
            context.init(new KeyManager[] {keys}, new TrustManager[] {new TrustEverybody()}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(OFFERED);
            engine.setSSLParameters(parameters);
            return engine;
        }
    }

    static Stream<Arguments> handshakes() {
        return Stream.of(Tls.values())
                .flatMap(tls -> Stream.of("TLSv1.3", "TLSv1.2").map(version -> Arguments.of(tls, version)));
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void everyTypeOfKeyIsServedByItsName(Tls tls, String version) throws Exception {
        source.put(1, P256, "p256.example").put(2, P384, "p384.example").put(3, RSA, "rsa.example");
        try (ServerCertificates certificates =
                ServerCertificates.builder(source).open()) {
            X509ExtendedKeyManager keys = certificates.keyManager();

            assertThat(serial(tls.engine(keys), version, "p256.example", "http/1.1"))
                    .isEqualTo(1);
            assertThat(serial(tls.engine(keys), version, "P384.Example", "http/1.1"))
                    .isEqualTo(2);
            assertThat(serial(tls.engine(keys), version, "rsa.example", "http/1.1"))
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void anUnknownNameIsRefusedIfSoConfigured(Tls tls, String version) throws Exception {
        source.put(1, P256, "p256.example").put(2, RSA, "rsa.example");
        try (ServerCertificates certificates =
                ServerCertificates.builder(source).refuseUnknownNames().open()) {
            X509ExtendedKeyManager keys = certificates.keyManager();

            assertThatThrownBy(() -> serial(tls.engine(keys), version, "unknown.example", "http/1.1"))
                    .isInstanceOf(SSLException.class);
            assertThat(serial(tls.engine(keys), version, "rsa.example", "http/1.1"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aDotAtTheEndOfANameIsNoPartOfIt() throws Exception {
        source.put(1, P256, "a.example").put(2, P256, "b.example");
        try (ServerCertificates certificates =
                ServerCertificates.builder(source).open()) {
            SSLEngine engine = Tls.NETTY_OPENSSL.engine(certificates.keyManager());

            assertThat(serial(engine, "TLSv1.3", "b.example.", "http/1.1")).isEqualTo(2);
        }
    }

    /** These fail when they are asked for such a name, so it is not known which it is. */
    @ParameterizedTest
    @EnumSource(names = {"BOUNCY_CASTLE", "CONSCRYPT"})
    void aNameThatTheEngineCannotShowGetsTheFallback(Tls tls) throws Exception {
        source.put(1, P256, "a.example").put(2, P256, "b.example");
        try (ServerCertificates certificates = ServerCertificates.builder(source)
                .fallback(Identifier.dns("b.example"))
                .open()) {
            assertThat(serial(tls.engine(certificates.keyManager()), "TLSv1.3", "a.example.", "http/1.1"))
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void aChallengeIsAnsweredOrItIsLoggedOnceWhyNot(Tls tls, String version) throws Exception {
        TlsAlpn01Responder responder = new TlsAlpn01Responder();
        responder.present(
                new TlsAlpn01("about:blank", "token", ChallengeStatus.PENDING, null),
                Identifier.dns("a.example"),
                new AccountIdentity("https://ca.example/account/1", "thumbprint"));
        source.put(1, P256, "a.example");
        try (ServerCertificates certificates =
                        ServerCertificates.builder(source).open();
                Warnings warnings = new Warnings()) {
            X509ExtendedKeyManager keys = new TlsAlpn01KeyManager(responder, certificates.keyManager());
            X509Certificate answer = ask(tls.engine(keys), version, "a.example", TlsAlpn01.PROTOCOL);
            ask(tls.engine(keys), version, "a.example", "http/1.1");

            boolean isAnswered = answer.getExtensionValue(TlsAlpn01.EXTENSION_OID) != null;
            assertThat(isAnswered).isEqualTo(tls == Tls.SUN);
            assertThat(warnings.lines).hasSize(isAnswered ? 0 : 1);
            assertThat(warnings.lines)
                    .allSatisfy(
                            line -> assertThat(line).contains("tls-alpn-01", "SunJSSE", "SslProvider.JDK", "http-01"));
        }
    }

    private static long serial(SSLEngine server, String version, String name, String protocol) throws SSLException {
        return ask(server, version, name, protocol).getSerialNumber().longValueExact();
    }

    private static X509Certificate ask(SSLEngine server, String version, String name, String protocol)
            throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
            context.init(null, new TrustManager[] {new TrustEverybody()}, null);
            SSLEngine client = context.createSSLEngine();
            client.setUseClientMode(true);
            SSLParameters parameters = client.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setApplicationProtocols(new String[] {protocol});
            parameters.setServerNames(List.of(new Octets(name)));
            client.setSSLParameters(parameters);
            new EngineHandshake().run(client, server);
            return (X509Certificate) client.getSession().getPeerCertificates()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A name as it is, where Java's own type would refuse it. */
    private static final class Octets extends SNIServerName {
        Octets(String name) {
            super(0, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class Source implements CertificateSource {

        private final Map<String, StoredCertificate> certificates = new TreeMap<>();

        Source put(long serial, KeyPair key, String name) {
            CertificateChain chain = new CertificateChain(List.of(certificate(serial, key, name)));
            certificates.put(name, new StoredCertificate(name, "memory:" + name, chain, key, null, null));
            return this;
        }

        private static X509Certificate certificate(long serial, KeyPair key, String name) {
            X500Name issuer = new X500Name("CN=issuer");
            Instant now = Instant.now();
            try {
                X509CertificateHolder holder = new JcaX509v3CertificateBuilder(
                                issuer,
                                BigInteger.valueOf(serial),
                                Date.from(now.minusSeconds(60)),
                                Date.from(now.plusSeconds(3600)),
                                new X500Name("CN=" + name),
                                key.getPublic())
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA")
                                .setProvider("SunEC")
                                .build(P256.getPrivate()));
                return new JcaX509CertificateConverter().setProvider("SUN").getCertificate(holder);
            } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Map<String, String> versions() {
            Map<String, String> versions = new TreeMap<>();
            certificates.keySet().forEach(name -> versions.put(name, "1"));
            return versions;
        }

        @Override
        public Optional<StoredCertificate> load(String name) {
            return Optional.ofNullable(certificates.get(name));
        }
    }

    /** What the challenges' key manager logs as a warning. */
    private static final class Warnings extends Handler implements AutoCloseable {

        // A logger that nobody holds forgets its handlers.
        private static final Logger LOGGER = Logger.getLogger("org.wucme.challenges.tlsalpn");

        private final List<String> lines = new CopyOnWriteArrayList<>();

        Warnings() {
            LOGGER.addHandler(this);
            LOGGER.setUseParentHandlers(false);
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().equals(Level.WARNING)) {
                lines.add(line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOGGER.removeHandler(this);
            LOGGER.setUseParentHandlers(true);
        }
    }
}
