package org.wucme.challenges.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressSharesTest {

    private final AddressShares<Integer> shares = new AddressShares<>();

    private int takeOldestOfLargest(String expectedAddress) {
        int oldest = shares.oldestOfLargest();
        shares.remove(expectedAddress, oldest);
        return oldest;
    }

    @Test
    void theOldestOfTheLargestGoesFirst() {
        shares.add("b", 0);
        shares.add("a", 1);
        shares.add("a", 2);
        shares.add("a", 3);
        shares.add("b", 4);

        assertThat(takeOldestOfLargest("a")).isEqualTo(1);
        // Now both hold two.
        assertThat(takeOldestOfLargest("b")).isEqualTo(0);
        assertThat(takeOldestOfLargest("a")).isEqualTo(2);
        assertThat(takeOldestOfLargest("a")).isEqualTo(3);
        assertThat(takeOldestOfLargest("b")).isEqualTo(4);
        assertThat(shares.size()).isZero();
    }

    @Test
    void aRenewedOneIsTheYoungest() {
        shares.add("a", 1);
        shares.add("a", 2);
        shares.renew("a", 1);

        assertThat(shares.size()).isEqualTo(2);
        assertThat(takeOldestOfLargest("a")).isEqualTo(2);
        assertThat(takeOldestOfLargest("a")).isEqualTo(1);
    }

    @Test
    void aThousandAddressesAreKeptApart() {
        for (int i = 0; i < 1000; i++) {
            shares.add("address " + i, i);
        }
        shares.add("address 700", 1000);

        assertThat(takeOldestOfLargest("address 700")).isEqualTo(700);
        assertThat(takeOldestOfLargest("address 0")).isZero();
        assertThat(shares.size()).isEqualTo(999);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:db8:1:2::1, 2001:db8:1:2::/64",
        "::1, 0:0:0:0::/64",
    })
    void theNetworkOfACustomerIsOneClientInIpv6(String address, String client) throws UnknownHostException {
        assertThat(Connection.network(InetAddress.getByName(address))).isEqualTo(client);
    }
}
