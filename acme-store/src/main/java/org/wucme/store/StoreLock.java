package org.wucme.store;

/** A lock that is held until closed, at the latest until this process ends. Closing twice does nothing. */
public interface StoreLock extends AutoCloseable {

    @Override
    void close();
}
