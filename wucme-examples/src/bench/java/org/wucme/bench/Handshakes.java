package org.wucme.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.testing.EngineHandshake;
import org.wucme.tls.ServerCertificates;

/**
 * A full TLS 1.3 handshake between two engines, both sides of it: with a key manager that serves the current certificate of
 * a store, and with Java's own for the same certificate.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
public class Handshakes {

    private static final String NAME = "www.example.test";
    private static final char[] NO_PASSWORD = {};

    private final HeldCertificate root =
            new HeldCertificate.Builder().certificateAuthority(0).build();
    private final HeldCertificate held = new HeldCertificate.Builder()
            .signedBy(root)
            .addSubjectAlternativeName(NAME)
            .build();
    private final EngineHandshake handshake = new EngineHandshake();
    private final ServerCertificates certificates;
    private final SSLContext current;
    private final SSLContext plain;
    private final HandshakeCertificates trust = new HandshakeCertificates.Builder()
            .addTrustedCertificate(root.certificate())
            .build();

    /** Makes a certificate and both servers. */
    public Handshakes() {
        try {
            certificates = ServerCertificates.builder(new OneCertificate(held, root))
                    .watchEvery(Duration.ofSeconds(5))
                    .open();
            current = certificates.sslContext();
            plain = plainContext();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the watching. */
    @TearDown
    public void close() {
        certificates.close();
    }

    @Benchmark
    public SSLSession currentCertificate() throws SSLException {
        return shakeHands(current.createSSLEngine());
    }

    @Benchmark
    public SSLSession plainKeyManager() throws SSLException {
        return shakeHands(plain.createSSLEngine());
    }

    private SSLContext plainContext() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, NO_PASSWORD);
        X509Certificate[] chain = {held.certificate(), root.certificate()};
        keys.setKeyEntry("server", held.keyPair().getPrivate(), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, NO_PASSWORD);
        KeyManager[] managers = factory.getKeyManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers, null, null);
        return context;
    }

    // A new client context each time, since a session that is remembered would be resumed.
    private SSLSession shakeHands(SSLEngine server) throws SSLException {
        SSLEngine client = clientEngine();
        server.setUseClientMode(false);
        handshake.run(client, server);
        return client.getSession();
    }

    private SSLEngine clientEngine() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust.trustManager()}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(NAME)));
            engine.setSSLParameters(parameters);
            return engine;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private record OneCertificate(HeldCertificate held, HeldCertificate root) implements CertificateSource {

        @Override
        public Map<String, String> versions() {
            return Map.of(NAME, "1");
        }

        @Override
        public Optional<StoredCertificate> load(String name) {
            CertificateChain chain = new CertificateChain(List.of(held.certificate(), root.certificate()));
            return Optional.of(new StoredCertificate(name, "memory", chain, held.keyPair(), null, null));
        }
    }
}
