export XML_CATALOG_FILES="file://$CONDA_PREFIX/etc/xml/catalog"
