package org.wucme.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import javax.net.ssl.SSLException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import org.junit.jupiter.api.Test;

@RequiresPebble
class PebbleFixtureIT {

    @Test
    void servesTheDirectoryToThoseWhoTrustItsRootOnly() throws Exception {
        try (Pebble pebble = Pebble.start()) {
            JsonNode directory = new ObjectMapper().readTree(get(trusting(pebble), pebble.directoryUrl()));

            assertThat(directory.path("newOrder").asText()).startsWith("https://127.0.0.1:");
            assertThat(directory.at("/meta/profiles").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("default");
            assertThatIOException()
                    .isThrownBy(() -> get(new OkHttpClient(), pebble.directoryUrl()))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void isStrictAndDoesNotSleep() throws Exception {
        try (Pebble pebble = Pebble.start(Pebble.options().nonceReject(50).authzReuse(25))) {
            assertThat(pebble.output())
                    .contains("Running in strict mode")
                    .contains("Disabling random VA sleeps")
                    .contains("Configured to reject 50% of good nonces")
                    .contains("Configured to attempt authz reuse for each identifier 25% of the time");
        }
    }

    @Test
    void givesTheRootsAndIntermediatesOfItsChains() throws Exception {
        try (Pebble pebble = Pebble.start(Pebble.options().alternateRoots(1).chainLength(1))) {
            X509Certificate root = pebble.issuerRoot();
            X509Certificate other = pebble.issuerRoot(1);

            root.verify(root.getPublicKey());
            pebble.issuerIntermediate(0).verify(root.getPublicKey());
            pebble.issuerIntermediate(1).verify(other.getPublicKey());
            assertThat(other).isNotEqualTo(root);
            assertThatIOException().isThrownBy(() -> pebble.issuerRoot(2)).withMessageContaining("404");
        }
    }

    @Test
    void offersTheProfilesAndAsksForTheBindingItWasTold() throws Exception {
        PebbleOptions options = Pebble.options()
                .profiles(Map.of("classic", Duration.ofDays(90), "short", Duration.ofDays(6)))
                .requireExternalAccountBinding(Map.of("kid-1", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"))
                .retryAfter(Duration.ofSeconds(3), Duration.ofSeconds(5));
        try (Pebble pebble = Pebble.start(options)) {
            JsonNode meta = new ObjectMapper()
                    .readTree(get(trusting(pebble), pebble.directoryUrl()))
                    .path("meta");

            assertThat(meta.path("externalAccountRequired").asBoolean()).isTrue();
            assertThat(meta.path("profiles").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrder("classic", "short");
        }
    }

    @Test
    void countsWhatClientsSend() throws Exception {
        try (Pebble pebble = Pebble.start()) {
            OkHttpClient client = trusting(pebble);
            assertThat(pebble.requests()).isEmpty();

            get(client, pebble.directoryUrl());
            post(client, pebble.directoryUrl().replace("/dir", "/order-plz"));
            pebble.issuerRoot();

            assertThat(pebble.requests()).isEqualTo(List.of("GET /dir", "POST /order-plz"));
            pebble.clearRequests();
            assertThat(pebble.requests()).isEmpty();
        }
    }

    @Test
    void comesBackAtTheSamePortsWithoutItsStateAfterARestart() throws Exception {
        try (Pebble pebble = Pebble.start()) {
            String directoryUrl = pebble.directoryUrl();
            X509Certificate before = pebble.issuerRoot();

            pebble.restart();

            assertThat(pebble.directoryUrl()).isEqualTo(directoryUrl);
            assertThat(get(trusting(pebble), directoryUrl)).contains("newOrder");
            assertThat(pebble.issuerRoot()).isNotEqualTo(before);
            assertThat(pebble.requests()).containsExactly("GET /dir");
        }
    }

    @Test
    void listensOnOneLoopbackAddressAndStopsListeningWhenClosed() throws Exception {
        int port;
        try (Pebble pebble = Pebble.start()) {
            port = URI.create(pebble.directoryUrl()).getPort();
            assertThat(accepts("127.0.0.1", port)).isTrue();
            // a socket bound to every address would take this one too
            assertThat(accepts("127.0.0.2", port)).isFalse();
            assertThat(accepts("127.0.0.2", URI.create(pebble.managementUrl()).getPort()))
                    .isFalse();
        }
        assertThat(accepts("127.0.0.1", port)).isFalse();
    }

    @Test
    void resolvesEveryNameToLoopbackAndTxtRecordsAsTold() throws Exception {
        try (Pebble pebble = Pebble.start()) {
            assertThat(resolve(pebble, "www.example.org", "A")).containsExactly("127.0.0.1");
            assertThat(resolve(pebble, "www.example.org", "AAAA")).isEmpty();

            pebble.setTxt("_acme-challenge.example.org", "one");
            pebble.setTxt("_acme-challenge.example.org", "two");
            assertThat(resolve(pebble, "_acme-challenge.example.org", "TXT")).containsExactlyInAnyOrder("one", "two");

            pebble.clearTxt("_acme-challenge.example.org");
            assertThat(resolve(pebble, "_acme-challenge.example.org", "TXT")).isEmpty();
        }
    }

    // the JDK has no other DNS client, and the server is ours
    @SuppressWarnings({"BanJNDI", "JdkObsolete"})
    private static List<String> resolve(Pebble pebble, String name, String type) throws NamingException {
        String server = "dns://127.0.0.1:" + pebble.dnsServer().getPort();
        DirContext dns = new InitialDirContext(new Hashtable<>(Map.of(
                Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory", Context.PROVIDER_URL, server)));
        try {
            Attribute records = dns.getAttributes(name, new String[] {type}).get(type);
            return records == null
                    ? List.of()
                    : Collections.list(records.getAll()).stream()
                            .map(Object::toString)
                            .toList();
        } finally {
            dns.close();
        }
    }

    private static OkHttpClient trusting(Pebble pebble) {
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(pebble.tlsRoot())
                .build();
        return new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        return send(client, new Request.Builder().url(url).build());
    }

    private static void post(OkHttpClient client, String url) throws IOException {
        send(client, new Request.Builder().url(url).post(RequestBody.EMPTY).build());
    }

    private static String send(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    private static boolean accepts(String address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port));
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }
}
