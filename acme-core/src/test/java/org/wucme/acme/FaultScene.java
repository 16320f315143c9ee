package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

/**
 * One cell of FAULTS.md: a CA and a client to be set up so that something goes wrong, and the way from a new account to a
 * revoked certificate. Over HTTP/1.1, where a cut hits one request alone, and with one name, so that the number of requests
 * is always the same.
 */
final class FaultScene implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final String NAME = "www.example.test";

    final FakeTime time = FakeTime.now();
    final TestCa ca;
    private final SilentSolver solver = new SilentSolver();
    private final KeyPair accountKey;
    private final KeyPair certificateKey;
    private final KeyPair nextAccountKey;
    private final Thread thread = Thread.currentThread();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger hurries = new AtomicInteger();
    private final Set<Call> hurriedCalls = ConcurrentHashMap.newKeySet();
    private final Socket bound = new Socket();
    private final OkHttpClient http;
    private Duration requestTimeout = AMPLE;
    private @Nullable Endpoint hurried;
    private Duration clientAhead = Duration.ZERO;
    private boolean changesKey;
    private @Nullable Endpoint refused;
    private @Nullable String accountUrl;
    private @Nullable String orderUrl;
    private @Nullable IssuedCertificate issued;

    FaultScene(Keys keys) throws IOException {
        ca = TestCa.builder().keysOf(keys.model).clock(time).http1Only().start().alwaysValid(true);
        accountKey = keys.accountKey;
        certificateKey = keys.certificateKey;
        nextAccountKey = keys.nextAccountKey;
        http = new OkHttpClient.Builder()
                .sslSocketFactory(ca.sslSocketFactory(), ca.trustManager())
                .addInterceptor(this::refuse)
                .addInterceptor(this::readWithoutHurry)
                .eventListener(new EventListener() {
                    // Before its time begins.
                    @Override
                    public void callStart(Call call) {
                        if (isToBeHurried(call.request())) {
                            hurriedCalls.add(call);
                        } else {
                            call.timeout().timeout(AMPLE.toNanos(), TimeUnit.NANOSECONDS);
                        }
                    }
                })
                .build();
        // Bound, but not listening: nobody else can come to listen there.
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** What costs time to make and may be the same in every cell. */
    static final class Keys implements AutoCloseable {
        private final TestCa model = TestCa.start();
        private final KeyPair accountKey = TestClients.newKey();
        private final KeyPair certificateKey = TestClients.newKey();
        private final KeyPair nextAccountKey = TestClients.newKey();

        @Override
        public void close() {
            model.close();
        }
    }

    /** A port where nothing listens. */
    int deadPort() {
        return bound.getLocalPort();
    }

    /** Lets so many connections for requests to an endpoint be refused. */
    void refuse(Endpoint endpoint, int times) {
        refused = endpoint;
        refusals.set(times);
    }

    /** Gives so many requests to one endpoint little time; all others have ample, however busy the machine is. */
    void requestTimeout(Endpoint endpoint, int times, Duration timeout) {
        hurried = endpoint;
        hurries.set(times);
        requestTimeout = timeout;
    }

    /** How far the client's clock is ahead of everybody else's. */
    void clientAhead(Duration ahead) {
        clientAhead = ahead;
    }

    /** Lets the way end with a change of the account's key. */
    void changeKeyToo() {
        changesKey = true;
    }

    void interruptClient() {
        thread.interrupt();
    }

    /** Goes the way, and tells the outcome as FAULTS.md has it; fails if anything happened that must never happen. */
    String outcome() throws IOException {
        String outcome = firstOutcome();
        assertInvariants();
        return issued == null && isResumable() ? outcome + " resume" : outcome;
    }

    private String firstOutcome() {
        try (AcmeClient client = client()) {
            Account account = client.register(Registration.with(accountKey).agreeToTerms());
            accountUrl = account.url();
            issued = account.obtain(request().build(), solver);
            account.revoke(issued.chain().leaf(), RevocationReason.SUPERSEDED);
            if (changesKey) {
                account.changeKey(nextAccountKey, key -> {});
            }
        } catch (InterruptedIOException e) {
            assertThat(Thread.interrupted()).isTrue();
            return "Interrupted";
        } catch (AcmeException e) {
            assertThat(e.getMessage()).isNotBlank();
            String kind = e.getClass().getSimpleName().replaceAll("^Acme|Exception$", "");
            return (kind.isEmpty() ? "Acme" : kind) + " " + e.advice();
        } catch (IOException e) {
            throw new AssertionError("outside of our hierarchy", e);
        }
        assertThat(ca.accounts()).hasSize(1);
        assertThat(ca.certificates()).hasSize(1).allMatch(ca::isRevoked);
        return String.valueOf(ca.count());
    }

    private void assertInvariants() {
        assertThat(Duration.ofNanos(time.nanoTime())).isLessThan(LONGEST);
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(ca.certificates()).hasSizeLessThanOrEqualTo(1);
        assertThat(solver.visible).isEmpty();
    }

    // With the CA in order again, the order that its listener was told of brings the certificate, and no second one.
    private boolean isResumable() {
        String url = orderUrl;
        if (url == null || accountUrl == null) {
            return false;
        }
        ca.clearFaults().retryAfter(Endpoint.ORDER, null).leaveUndecided("pending", 0);
        refusals.set(0);
        requestTimeout = AMPLE;
        try (AcmeClient client = client()) {
            Account account = client.account(accountUrl, accountKey);
            return account.obtain(request().resume(url).build(), solver)
                    .orderUrl()
                    .equals(url);
        } catch (IOException e) {
            return false;
        } finally {
            assertInvariants();
        }
    }

    private CertificateRequest.Builder request() {
        return AtTestCa.request(NAME).key(certificateKey).listener(event -> {
            if (event instanceof IssuanceEvent.OrderCreated created) {
                orderUrl = created.order().url();
            }
        });
    }

    private AcmeClient client() {
        return AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                .httpClient(http)
                .clock(Clock.offset(time, clientAhead))
                .sleeper(time)
                .random(new Random(1))
                .requestTimeout(requestTimeout)
                .build();
    }

    private Response readWithoutHurry(Interceptor.Chain chain) throws IOException {
        return hurriedCalls.contains(chain.call())
                ? chain.proceed(chain.request())
                : chain.withReadTimeout((int) AMPLE.toMillis(), TimeUnit.MILLISECONDS)
                        .proceed(chain.request());
    }

    private boolean isToBeHurried(Request request) {
        return Endpoint.of(request.url().encodedPath()) == hurried
                && hurries.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private Response refuse(Interceptor.Chain chain) throws IOException {
        boolean isMeant = Endpoint.of(chain.request().url().encodedPath()) == refused;
        if (!isMeant || refusals.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return chain.proceed(chain.request());
        }
        return chain.proceed(chain.request()
                .newBuilder()
                .url(chain.request().url().newBuilder().port(deadPort()).build())
                .build());
    }

    @Override
    public void close() throws IOException {
        http.connectionPool().evictAll();
        ca.close();
        bound.close();
    }
}
