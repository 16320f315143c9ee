package org.wucme.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * A running <a href="https://github.com/letsencrypt/pebble">Pebble</a>: a CA that we did not write, in strict mode, on
 * loopback, with real validation. Every name resolves to 127.0.0.1, where Pebble asks {@link #httpPort()} for http-01
 * and {@link #tlsPort()} for tls-alpn-01; dns-01 finds what {@link #setTxt} says. A test class that uses it is marked
 * {@link RequiresPebble}.
 *
 * <pre>{@code
 * try (Pebble pebble = Pebble.start(Pebble.options().nonceReject(50))) {
 *     OkHttpClient http = ... trusting pebble.tlsRoot()
 *     ... pebble.directoryUrl() ...
 * }
 * }</pre>
 *
 * <p>Pebble 2.10 can deadlock when a newOrder overlaps the fetch of an authorization of another order: it then answers
 * nothing more. A test that sends such requests in parallel sets itself a deadline and calls {@link #restart()} when
 * it passes; that is no failure of the client.
 */
public final class Pebble implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REQUEST =
            Pattern.compile("^Pebble \\S+ \\S+ ([A-Z]+ /\\S*) -> calling handler\\(\\)$", Pattern.MULTILINE);
    private static final String LOOPBACK = "127.0.0.1";

    private final PebblePrograms programs;
    private final PebbleOptions options;
    private final Path folder;
    private final HeldCertificate tls;
    private final OkHttpClient http;
    private final int acmePort;
    private final int managementPort;
    private final int httpPort;
    private final int tlsPort;
    private final int dnsPort;
    private final int dnsManagementPort;
    private final PebbleProcess names;
    private volatile PebbleProcess ca;
    private volatile int requestsCleared;

    /** The options to change and to give to {@link #start(PebbleOptions)}. */
    public static PebbleOptions options() {
        return PebbleOptions.defaults();
    }

    /** Starts a Pebble with the options that are right for most tests. */
    public static Pebble start() throws IOException {
        return start(options());
    }

    /**
     * Starts a Pebble and waits until it serves.
     *
     * @throws IllegalStateException if no Pebble is installed, or one that is too old
     * @throws IOException if it does not start; the message has its output
     */
    public static Pebble start(PebbleOptions options) throws IOException {
        return new Pebble(PebblePrograms.find(), options);
    }

    private Pebble(PebblePrograms programs, PebbleOptions options) throws IOException {
        this.programs = programs;
        this.options = options;
        tls = new HeldCertificate.Builder()
                .commonName("Pebble")
                .addSubjectAlternativeName("localhost")
                .addSubjectAlternativeName(LOOPBACK)
                .build();
        HandshakeCertificates trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(tls.certificate())
                .build();
        http = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .callTimeout(Duration.ofSeconds(5))
                .build();
        Iterator<Integer> ports = freePorts(6);
        acmePort = ports.next();
        managementPort = ports.next();
        dnsPort = ports.next();
        dnsManagementPort = ports.next();
        httpPort = (int) options.settings().getOrDefault("httpPort", ports.next());
        tlsPort = (int) options.settings().getOrDefault("tlsPort", ports.next());
        folder = Files.createTempDirectory("pebble");
        writeFiles();
        names = startNames();
        try {
            ca = startCa();
        } catch (IOException | RuntimeException e) {
            names.close();
            throw e;
        }
        clearRequests();
    }

    /** Where a client begins (RFC 8555 section 7.1.1). */
    public String directoryUrl() {
        return "https://" + LOOPBACK + ":" + acmePort + "/dir";
    }

    /** The port of 127.0.0.1 where Pebble listens for clients. */
    public int port() {
        return acmePort;
    }

    /** Where Pebble gives its keys and takes orders that no CA would take; see Pebble's manual. No slash at the end. */
    public String managementUrl() {
        return "https://" + LOOPBACK + ":" + managementPort;
    }

    /** What a client must trust to talk to Pebble; it has nothing to do with the certificates that Pebble issues. */
    public X509Certificate tlsRoot() {
        return tls.certificate();
    }

    /** The root above the certificates that Pebble issues, another one after each start. */
    public X509Certificate issuerRoot() throws IOException {
        return issuerRoot(0);
    }

    /** The root of the numbered chain: 0, and as many more as {@link PebbleOptions#alternateRoots} asked for. */
    public X509Certificate issuerRoot(int chain) throws IOException {
        return certificate("/roots/" + chain);
    }

    /** The intermediate that signs the leaf in the numbered chain. */
    public X509Certificate issuerIntermediate(int chain) throws IOException {
        return certificate("/intermediates/" + chain);
    }

    /** The port of 127.0.0.1 that Pebble asks for http-01. */
    public int httpPort() {
        return httpPort;
    }

    /** The port of 127.0.0.1 that Pebble asks for tls-alpn-01. */
    public int tlsPort() {
        return tlsPort;
    }

    /** The name server that Pebble asks, over UDP and TCP. */
    public InetSocketAddress dnsServer() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), dnsPort);
    }

    /** Adds a TXT record, such as {@code _acme-challenge.example.org}. */
    public void setTxt(String name, String value) throws IOException {
        tellNames("/set-txt", Map.of("host", absolute(name), "value", value));
    }

    /** Takes all TXT records of a name away. */
    public void clearTxt(String name) throws IOException {
        tellNames("/clear-txt", Map.of("host", absolute(name)));
    }

    /** Makes Pebble answer so, word for word, when it is asked for a certificate's renewal information (RFC 9773). */
    public void setRenewalInfo(X509Certificate certificate, String answer) throws IOException {
        byte[] order = JSON.writeValueAsBytes(
                Map.of("Certificate", Certificates.certificatePem(certificate), "ARIResponse", answer));
        send(new Request.Builder()
                .url(managementUrl() + "/set-renewal-info/")
                .post(RequestBody.create(order))
                .build());
    }

    /**
     * What clients sent since the start, the last {@link #restart()} or {@link #clearRequests()}, in order, as method
     * and path: {@code POST /order-plz}. Only what found its way to a handler counts: not an unknown path, not a method
     * that the resource does not have.
     */
    public List<String> requests() throws IOException {
        return allRequests().skip(requestsCleared).toList();
    }

    /** Forgets the requests so far. */
    public void clearRequests() throws IOException {
        requestsCleared = (int) allRequests().count();
    }

    /** All that Pebble has written, over all restarts, for the report of a failure. */
    public String output() throws IOException {
        return ca.output();
    }

    /** Kills Pebble and starts it again at the same ports: all accounts and orders are gone, the root is a new one. */
    public synchronized void restart() throws IOException {
        ca.close();
        ca = startCa();
        clearRequests();
    }

    /** Stops Pebble, within seconds, and removes its files. */
    @Override
    public synchronized void close() throws IOException {
        ca.close();
        names.close();
        http.connectionPool().evictAll();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private Stream<String> allRequests() throws IOException {
        return REQUEST.matcher(output()).results().map(line -> line.group(1));
    }

    private void writeFiles() throws IOException {
        Files.writeString(folder.resolve("cert.pem"), tls.certificatePem());
        Files.writeString(folder.resolve("key.pem"), tls.privateKeyPkcs8Pem());
        Map<String, Object> settings = new HashMap<>(options.settings());
        settings.put("listenAddress", LOOPBACK + ":" + acmePort);
        settings.put("managementListenAddress", LOOPBACK + ":" + managementPort);
        settings.put("certificate", "cert.pem");
        settings.put("privateKey", "key.pem");
        settings.put("httpPort", httpPort);
        settings.put("tlsPort", tlsPort);
        JSON.writeValue(folder.resolve("config.json").toFile(), Map.of("pebble", settings));
    }

    private PebbleProcess startCa() throws IOException {
        String program = programs.pebble().toAbsolutePath().toString();
        String dns = LOOPBACK + ":" + dnsPort;
        return PebbleProcess.start(
                folder,
                folder.resolve("pebble.log"),
                options.environment(),
                List.of(program, "-config", "config.json", "-strict", "-dnsserver", dns),
                this::checkDirectory);
    }

    private void checkDirectory() throws IOException {
        JsonNode directory = JSON.readTree(fetch(directoryUrl()));
        if (!directory.has("renewalInfo") || !directory.path("meta").has("profiles")) {
            throw new IllegalStateException(
                    "too old, without renewal information or profiles: " + programs.pebble() + "; Pebble 2.8 has both");
        }
    }

    private PebbleProcess startNames() throws IOException {
        String program = programs.challengeServer().toAbsolutePath().toString();
        String dns = LOOPBACK + ":" + dnsPort;
        String management = LOOPBACK + ":" + dnsManagementPort;
        List<String> noServers = List.of("-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "");
        List<String> addresses = List.of("-defaultIPv6", "", "-dnsserver", dns, "-management", management);
        return PebbleProcess.start(
                folder,
                folder.resolve("names.log"),
                Map.of(),
                Stream.of(List.of(program), noServers, addresses)
                        .flatMap(List::stream)
                        .toList(),
                this::checkNames);
    }

    private void checkNames() throws IOException {
        clearTxt("start.example");
        byte[] query = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 's', 't', 'a', 'r', 't', 0, 0, 1, 0, 1};
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(500);
            socket.connect(dnsServer());
            socket.send(new DatagramPacket(query, query.length));
            socket.receive(new DatagramPacket(new byte[512], 512));
        }
    }

    private void tellNames(String path, Map<String, String> order) throws IOException {
        send(new Request.Builder()
                .url("http://" + LOOPBACK + ":" + dnsManagementPort + path)
                .post(RequestBody.create(JSON.writeValueAsBytes(order)))
                .build());
    }

    private static String absolute(String name) {
        return name.endsWith(".") ? name : name + ".";
    }

    private X509Certificate certificate(String path) throws IOException {
        byte[] pem = fetch(managementUrl() + path).getBytes(StandardCharsets.US_ASCII);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509", "SUN").generateCertificate(new ByteArrayInputStream(pem));
        } catch (GeneralSecurityException e) {
            throw new IOException("Pebble's " + path + " is no certificate", e);
        }
    }

    private String fetch(String url) throws IOException {
        return send(new Request.Builder().url(url).build());
    }

    private String send(Request request) throws IOException {
        try (Response response = http.newCall(request).execute()) {
            String body = response.body().string();
            if (!response.isSuccessful()) {
                throw new IOException(request.url() + " answers " + response.code() + ": " + body);
            }
            return body;
        }
    }

    /**
     * Ports below the range from which the kernel serves those who ask for any port, so that nobody is given one before
     * Pebble binds it.
     */
    private static Iterator<Integer> freePorts(int count) {
        return ThreadLocalRandom.current()
                .ints(15_000, 32_000)
                .limit(1_000)
                .distinct()
                .filter(Pebble::isFree)
                .limit(count)
                .iterator();
    }

    private static boolean isFree(int port) {
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            new ServerSocket(port, 1, loopback).close();
            new DatagramSocket(port, loopback).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
