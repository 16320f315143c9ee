package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.Headers;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** The list of an account's orders: RFC 8555 section 7.1.2.1. */
class OrderListTest extends AtTestCa {

    private static final String JSON = "application/json";

    @Test
    void goesThroughAllPages() throws IOException {
        Account account = account();
        for (int i = 0; i < 8; i++) {
            account.createOrder(OrderRequest.of("n" + i + ".example.test"));
        }

        assertThat(account.fetchOrderUrls()).contains(ca.orders());
        assertThat(ca.count(Endpoint.ORDERS)).isEqualTo(3);
    }

    @Test
    void isEmptyWhenThereIsNoOrder() throws IOException {
        assertThat(account().fetchOrderUrls()).contains(List.of());
    }

    @Test
    void isAbsentWhenTheCaKeepsNone() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ACCOUNT, Fault.json(json -> json.remove("orders")));

        assertThat(account.fetchOrderUrls()).isEmpty();
        assertThat(ca.count(Endpoint.ORDERS)).isZero();
    }

    @Test
    void goesOnAfterAnEmptyPage() throws IOException {
        Account account = account();
        String order = account.createOrder(OrderRequest.of("a.example.test")).url();
        String next = "<" + account.fetch().orders() + "?page=2>;rel=\"next\"";
        ca.fault(Endpoint.ORDERS, Fault.status(200, JSON, "{\"orders\":[]}", "Link", next));

        assertThat(account.fetchOrderUrls()).contains(List.of(order));
        assertThat(ca.count(Endpoint.ORDERS)).isEqualTo(2);
    }

    @Test
    void mayBeABareArray() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ORDERS, Fault.status(200, JSON, "[\"https://ca.test/1\",\"https://ca.test/2\"]"));

        assertThat(account.fetchOrderUrls()).contains(List.of("https://ca.test/1", "https://ca.test/2"));
    }

    @Test
    void namesEachOrderOnce() throws IOException {
        Account account = account();
        ca.fault(
                Endpoint.ORDERS, Fault.status(200, JSON, "{\"orders\":[\"https://ca.test/1\",\"https://ca.test/1\"]}"));

        assertThat(account.fetchOrderUrls()).contains(List.of("https://ca.test/1"));
    }

    @Test
    void thatIsNoneIsTheCasFault() throws IOException {
        Account account = account();
        ca.fault(Endpoint.ORDERS, Fault.status(200, JSON, "\"orders\""));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(account::fetchOrderUrls)
                .withMessageContaining("the list of orders at")
                .withMessageContaining("is not a JSON object");
    }

    @Test
    void doesNotGoInCircles() throws IOException {
        Account account = account();
        String first = String.valueOf(account.fetch().orders());
        ca.fault(
                Endpoint.ORDERS,
                Fault.status(200, JSON, "{\"orders\":[]}", "Link", "<" + first + ">;rel=\"next\""),
                100);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(account::fetchOrderUrls)
                .withMessageContaining("has no end");
        assertThat(ca.count(Endpoint.ORDERS)).isEqualTo(1);
    }

    @Test
    void endsThoughItsPagesDoNot() {
        OrderList endless = new OrderList(OrderListTest::pageWithANext);

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> endless.fetch("https://ca.test/orders/"))
                .withMessageContaining("has no end: after 10000 pages");
    }

    @Test
    void endsBeforeItFillsTheMemory() {
        String orders = IntStream.range(0, 300)
                .mapToObj(i -> "\"https://ca.test/" + i + "x".repeat(3000) + "\"")
                .collect(Collectors.joining(","));
        OrderList endless = new OrderList(url -> pageWithANext(url, "{\"orders\":[" + orders + "]}"));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> endless.fetch("https://ca.test/orders/"))
                .withMessageContaining("is too long");
    }

    @Test
    void hasUrlsOnly() throws IOException {
        Account account = account();
        String tooLong = "https://ca.test/" + "x".repeat(10_000);
        ca.fault(
                Endpoint.ORDERS, Fault.status(200, JSON, "[\"https://ca.test/1\",\"\\u001b[2J\",\"" + tooLong + "\"]"));

        assertThat(account.fetchOrderUrls()).contains(List.of("https://ca.test/1"));
    }

    private static HttpReply pageWithANext(String url) {
        return pageWithANext(url, "{}");
    }

    private static HttpReply pageWithANext(String url, String body) {
        int number = url.lastIndexOf('/') + 1;
        int page = number == url.length() ? 0 : Integer.parseInt(url.substring(number));
        String next = url.substring(0, number) + (page + 1);
        return new HttpReply(
                url,
                200,
                Headers.of("Link", "<" + next + ">;rel=\"next\""),
                ByteString.encodeString(body, StandardCharsets.US_ASCII),
                Instant.EPOCH);
    }
}
