/** What an administrator sees of a store and its manager: as data, as JSON, as metrics, and as a page in a browser. */
@NullMarked
package org.wucme.cli.report;

import org.jspecify.annotations.NullMarked;
