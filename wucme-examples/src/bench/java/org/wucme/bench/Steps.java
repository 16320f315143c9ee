package org.wucme.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.tls.HeldCertificate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.shredzone.acme4j.toolbox.JSON;
import org.shredzone.acme4j.toolbox.JSONBuilder;
import org.shredzone.acme4j.toolbox.JoseUtils;
import org.shredzone.acme4j.util.CSRBuilder;
import org.wucme.acme.Identifier;
import org.wucme.acme.Order;
import org.wucme.acme.internal.jose.JwsKey;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.json.Resources;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.KeyType;

/** What an issuance does between its requests, by JMH: each step of ours, and of acme4j where it has the same one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class Steps {

    private static final String URL = "https://ca.example.test/order/1";
    private static final String NONCE = "bm9uY2Utb2YtYS1iZW5jaG1hcms";
    private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.US_ASCII);

    private final List<String> names =
            IntStream.range(0, 100).mapToObj(i -> "host" + i + ".example.test").toList();
    private final List<Identifier> identifiers =
            names.stream().map(Identifier::of).toList();
    private final KeyPair key = KeyType.EC_P256.generate();
    private final JwsKey jwsKey = JwsKey.of(key);
    private final URL url;
    private final String order;
    private final String chain;

    /** Makes the inputs: an order of a hundred names, and a chain of two certificates. */
    public Steps() {
        try {
            url = URI.create(URL).toURL();
            order = new ObjectMapper()
                    .writeValueAsString(Map.of(
                            "status",
                            "pending",
                            "identifiers",
                            names.stream()
                                    .map(name -> Map.of("type", "dns", "value", name))
                                    .toList(),
                            "authorizations",
                            names.stream()
                                    .map(name -> "https://ca.example.test/authorization/" + name)
                                    .toList(),
                            "finalize",
                            URL + "/finalize"));
        } catch (MalformedURLException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        HeldCertificate issuer =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        chain = new HeldCertificate.Builder()
                        .signedBy(issuer)
                        .addSubjectAlternativeName("www.example.test")
                        .build()
                        .certificatePem()
                + issuer.certificatePem();
    }

    @Benchmark
    public byte[] signEs256() throws IOException {
        return jwsKey.sign(URL, NONCE, URL, PAYLOAD);
    }

    @Benchmark
    public String signEs256ByAcme4j() {
        return JoseUtils.createJoseRequest(url, key, new JSONBuilder(), NONCE, URL)
                .toString();
    }

    @Benchmark
    public CertificateSigningRequest csrOfAHundredNames() {
        return CertificateSigningRequest.of(identifiers, key);
    }

    @Benchmark
    public byte[] csrOfAHundredNamesByAcme4j() throws IOException {
        CSRBuilder builder = new CSRBuilder();
        builder.addDomains(names);
        builder.sign(key);
        return builder.getEncoded();
    }

    @Benchmark
    public Order parseOrderOfAHundredNames() throws IOException {
        return Resources.order(URL, Json.parse(order.getBytes(StandardCharsets.UTF_8), "the order"), null);
    }

    @Benchmark
    public JSON parseOrderOfAHundredNamesByAcme4j() {
        return JSON.parse(order);
    }

    @Benchmark
    public CertificateChain parseChainOfTwo() throws IOException {
        return CertificateChain.parse(chain);
    }
}
