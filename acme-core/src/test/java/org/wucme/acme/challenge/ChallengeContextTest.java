package org.wucme.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;

/** The context in memory: answers, records and leases of one process. */
class ChallengeContextTest {

    private static final String URL = "https://ca.example/chall/1";
    private static final Identifier NAME = Identifier.dns("www.example.org");
    private static final AccountIdentity ACCOUNT = new AccountIdentity(URL, "thumb-print");
    private final Instant end = Instant.now().plus(Duration.ofHours(1));

    private final ChallengeContext context = ChallengeContext.inMemory();

    @Test
    void anHttpAnswerIsFoundByItsTokenAndATlsAnswerByTheServerName() throws Exception {
        PendingAnswer http = PendingAnswer.of(http01("http-token"), NAME, ACCOUNT, end);
        PendingAnswer tls = PendingAnswer.of(tlsAlpn01("tls-token"), Identifier.ip("192.0.2.7"), ACCOUNT, end);
        context.answers().put(http);
        context.answers().put(tls);

        assertThat(context.answers().find(Http01.TYPE, List.of("other", "http-token")))
                .containsExactly(http);
        assertThat(context.answers().find(TlsAlpn01.TYPE, List.of("7.2.0.192.in-addr.arpa")))
                .containsExactly(tls);
        assertThat(context.answers().find(Http01.TYPE, List.of("tls-token"))).isEmpty();
        assertThat(http.keyAuthorization().value()).isEqualTo("http-token.thumb-print");
    }

    @Test
    void aLaterAnswerForANameReplacesTheEarlierWhoseRemovalDoesNotTouchIt() throws Exception {
        PendingAnswer earlier = PendingAnswer.of(tlsAlpn01("earlier"), NAME, ACCOUNT, end);
        PendingAnswer later = PendingAnswer.of(tlsAlpn01("later"), NAME, ACCOUNT, end);
        context.answers().put(earlier);
        context.answers().put(later);
        context.answers().remove(earlier);

        assertThat(context.answers().find(TlsAlpn01.TYPE, List.of("www.example.org")))
                .containsExactly(later);

        context.answers().remove(later);
        assertThat(context.answers().find(TlsAlpn01.TYPE, List.of("www.example.org")))
                .isEmpty();
    }

    @Test
    void anAnswerThatHasExpiredIsNotFound() throws Exception {
        ChallengeStore answers = new MemoryAnswers(Clock.fixed(end, ZoneOffset.UTC));
        PendingAnswer expired = PendingAnswer.of(http01("token"), NAME, ACCOUNT, end);

        answers.put(expired);

        assertThat(answers.find(Http01.TYPE, List.of("token"))).isEmpty();
    }

    @Test
    void anAnswerThatWouldBreakAResponseIsRefusedAndNoneIsPrinted() {
        assertThatThrownBy(() -> new PendingAnswer(Http01.TYPE, NAME, "to\r\nken", "thumb", end))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
        assertThatThrownBy(() -> new PendingAnswer(Http01.TYPE, NAME, "token", "", end))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("thumbprint");
        assertThat(PendingAnswer.of(http01("http-token"), NAME, ACCOUNT, end))
                .asString()
                .doesNotContain("http-token", "thumb-print");
    }

    @Test
    void aRecordIsNotedOnceAndStruckOutWhateverItsHandle() throws Exception {
        JournaledRecord planned = new JournaledRecord("dns", "example.org", "_acme-challenge.example.org", "v1", null);
        JournaledRecord written = new JournaledRecord("dns", "example.org", "_acme-challenge.example.org", "v1", "17");
        JournaledRecord other = new JournaledRecord("dns", "example.org", "_acme-challenge.example.org", "v2", null);
        context.records().add(planned);
        context.records().add(other);
        context.records().add(written);

        assertThat(context.records().pending()).containsExactly(other, written);

        context.records().remove(planned);
        assertThat(context.records().pending()).containsExactly(other);
    }

    @Test
    void aLeaseIsHeldByOneAndPassesOnWithALargerTokenWhenItIsClosed() throws Exception {
        Lease first = context.lease("dns/example.org", Duration.ZERO).orElseThrow();
        assertThat(context.lease("dns/example.org", Duration.ofMillis(1))).isEmpty();
        assertThat(context.lease("dns/example.net", Duration.ZERO)).isPresent();
        assertThat(first.isHeld()).isTrue();
        assertThat(first.name()).isEqualTo("dns/example.org");

        CompletableFuture<Lease> waiting = CompletableFuture.supplyAsync(() -> claimed(Duration.ofMinutes(1)));
        first.close();
        Lease second = waiting.get(30, TimeUnit.SECONDS);
        first.close();

        assertThat(first.isHeld()).isFalse();
        assertThat(second.isHeld()).isTrue();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(context.lease("dns/example.org", Duration.ZERO)).isEmpty();
    }

    private Lease claimed(Duration patience) {
        try {
            return context.lease("dns/example.org", patience).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aLeaseThatIsClosedWasNotLost() throws Exception {
        AtomicBoolean lost = new AtomicBoolean();
        Lease lease = context.lease("active", Duration.ZERO).orElseThrow();
        lease.onLost(() -> lost.set(true));
        lease.close();

        assertThat(lost).isFalse();
    }

    @Test
    void anInterruptEndsTheWaitForALeaseAndStaysSet() throws Exception {
        Lease held = context.lease("active", Duration.ZERO).orElseThrow();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            begun.countDown();
            try {
                Optional<Lease> unexpected = context.lease("active", Duration.ofDays(400_000));
                interrupted.completeExceptionally(new AssertionError("claimed " + unexpected));
            } catch (InterruptedIOException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (IOException e) {
                interrupted.completeExceptionally(e);
            }
        });
        waiting.start();
        begun.await();
        waiting.interrupt();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(held.isHeld()).isTrue();
    }

    private static Http01 http01(String token) {
        return new Http01(URL, token, ChallengeStatus.PENDING, null);
    }

    private static TlsAlpn01 tlsAlpn01(String token) {
        return new TlsAlpn01(URL, token, ChallengeStatus.PENDING, null);
    }
}
