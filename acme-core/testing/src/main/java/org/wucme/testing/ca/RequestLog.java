package org.wucme.testing.ca;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was asked, in the order of arrival. */
final class RequestLog {
    private final List<Request> requests = new ArrayList<>();
    private final List<String> signedBodies = new ArrayList<>();
    private int cleared;

    /** Notes an arrival and gives the ticket with which {@link #ended} is to be called. */
    synchronized int arrived(Endpoint endpoint, String method, String path, String body) {
        if (method.equals("POST")) {
            signedBodies.add(body);
        }
        requests.add(new Request(endpoint, method, path, System.nanoTime(), Long.MAX_VALUE, 0, null));
        return cleared + requests.size() - 1;
    }

    synchronized void ended(int ticket, int status, @Nullable String problemType) {
        int index = ticket - cleared;
        if (index >= 0) {
            requests.set(index, requests.get(index).ended(System.nanoTime(), status, problemType));
        }
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    synchronized List<String> signedBodies() {
        return List.copyOf(signedBodies);
    }

    synchronized void clear() {
        cleared += requests.size();
        requests.clear();
        signedBodies.clear();
    }

    /** The longest chain of requests of which each started after the one before it had ended. */
    static int depth(List<Request> requests) {
        List<Request> byEnd = new ArrayList<>(requests);
        byEnd.sort(Comparator.comparingLong(Request::endNanos));
        int chain = 0;
        long lastEnd = Long.MIN_VALUE;
        for (Request request : byEnd) {
            if (request.startNanos() >= lastEnd) {
                chain++;
                lastEnd = request.endNanos();
            }
        }
        return chain;
    }

    /** The most requests that were being handled at one moment. */
    static int maxInFlight(List<Request> requests) {
        int most = 0;
        for (Request request : requests) {
            long moment = request.startNanos();
            long open = requests.stream()
                    .filter(other -> other.startNanos() <= moment && moment < other.endNanos())
                    .count();
            most = Math.max(most, (int) open);
        }
        return most;
    }
}
