<?php
/**
 * The functions that make a document of a post. PHP loads no function by its name, so the classes that call one load this file.
 *
 * @package RagAsk
 */

namespace RagAsk;

require_once __DIR__ . '/content/eligibility.php';
require_once __DIR__ . '/content/payload.php';
require_once __DIR__ . '/content/document-parts.php';
require_once __DIR__ . '/content/pages.php';
require_once __DIR__ . '/content/images.php';
require_once __DIR__ . '/content/rendering.php';
require_once __DIR__ . '/content/main-query.php';
require_once __DIR__ . '/content/shortcodes.php';
require_once __DIR__ . '/content/visibility.php';
require_once __DIR__ . '/content/note-document.php';

require_once __DIR__ . '/fields/fields.php';
require_once __DIR__ . '/fields/products.php';
require_once __DIR__ . '/fields/events.php';
require_once __DIR__ . '/fields/chosen-fields.php';
require_once __DIR__ . '/fields/acf-fields.php';
require_once __DIR__ . '/fields/field-plugins.php';
require_once __DIR__ . '/fields/references.php';
require_once __DIR__ . '/fields/dates.php';

require_once __DIR__ . '/files/linked-files.php';
require_once __DIR__ . '/files/file-document.php';

require_once __DIR__ . '/guest/guest-check.php';
require_once __DIR__ . '/guest/guest-pages.php';
require_once __DIR__ . '/guest/words.php';
require_once __DIR__ . '/guest/main-content.php';
