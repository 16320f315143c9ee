package org.wucme.acme;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.internal.json.Json;

/** The list of an account's orders, page after page (RFC 8555 section 7.1.2.1). */
final class OrderList {

    // A bound for a CA whose pages never end, far above any list that is of use.
    private static final int MOST_PAGES = 10_000;
    private static final int MOST_CHARACTERS = 32 << 20;

    private final Page page;

    /** Fetches one page by its URL. */
    interface Page {
        HttpReply fetch(String url) throws IOException;
    }

    OrderList(Page page) {
        this.page = page;
    }

    /** The URLs of all orders, each once, in the CA's order. */
    List<String> fetch(String firstPage) throws IOException {
        Set<String> orders = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        long characters = 0;
        String next = firstPage;
        while (!next.isEmpty()) {
            if (!seen.add(next) || seen.size() > MOST_PAGES) {
                throw new AcmeProtocolException("the list of orders at " + firstPage + " has no end: after "
                        + (seen.size() - 1) + " pages it leads to " + next);
            }
            HttpReply reply = page.fetch(next);
            List<String> more = ordersOf(reply, next);
            characters += more.stream().mapToInt(String::length).sum();
            if (characters > MOST_CHARACTERS) {
                throw new AcmeProtocolException("the list of orders at " + firstPage + " is too long: after "
                        + seen.size() + " pages it has more than " + MOST_CHARACTERS + " characters");
            }
            orders.addAll(more);
            List<String> links = reply.links("next");
            next = links.isEmpty() ? "" : links.get(0);
        }
        return List.copyOf(orders);
    }

    // What is no URL, or too long for one, is no order.
    private static List<String> ordersOf(HttpReply reply, String page) throws AcmeProtocolException {
        return Json.parseStrings(reply.body().toByteArray(), "orders", "the list of orders at " + page).stream()
                .filter(HttpReply::isUrl)
                .toList();
    }
}
