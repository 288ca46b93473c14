#!/usr/bin/python3
"""read_catalogue.py FILE: what somebody else's reader (rdflib) understands of /data/catalog.jsonld, held against DCAT-AP 3:
mandatory properties, kinds of values, ranges. Prints JSON: {"triples": N, "datasets": N, "distributions": N, "faults": […]}.
Knows nothing of the program. /usr/bin/python3: rdflib is Debian's package python3-rdflib (tools/setup check)."""
import json, sys

import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

EU = 'http://publications.europa.eu/resource/authority/'
SPDX = rdflib.Namespace('http://spdx.org/rdf/terms#')
VCARD = rdflib.Namespace('http://www.w3.org/2006/vcard/ns#')
LICENCES = {'https://creativecommons.org/publicdomain/zero/1.0/', 'https://creativecommons.org/licenses/by/4.0/',
            'https://creativecommons.org/licenses/by-sa/4.0/', 'https://opendatacommons.org/licenses/odbl/1-0/',
            'https://opendatacommons.org/licenses/by/1-0/', 'https://opendatacommons.org/licenses/pddl/1-0/'}
FREQUENCIES = {EU + 'frequency/' + f for f in ('ANNUAL', 'QUARTERLY', 'MONTHLY')}


class Reader:
    def __init__(self, path):
        self.faults = []
        self.g = rdflib.Graph().parse(path, format='json-ld')

    def fault(self, node, what):
        self.faults.append(f'{node}: {what}')

    def values(self, node, prop, least=1, most=None):
        found = list(self.g.objects(node, prop))
        if len(found) < least or (most and len(found) > most):
            self.fault(node, f'{prop}: {len(found)} values')
        return found

    def texts(self, node, prop):
        """In both languages, none empty."""
        found = self.values(node, prop)
        if {v.language for v in found if isinstance(v, rdflib.Literal)} != {'vi', 'en'}:
            self.fault(node, f'{prop}: not in vi and en')
        if any(not str(v).strip() for v in found):
            self.fault(node, f'{prop}: empty')

    def links(self, node, prop, within=None, start='http', least=1, most=None):
        found = self.values(node, prop, least, most)
        for v in found:
            if not isinstance(v, rdflib.URIRef) or not str(v).startswith(start):
                self.fault(node, f'{prop}: {v} is no address')
            if within and str(v) not in within:
                self.fault(node, f'{prop}: {v} is not of the list')
        return found

    def typed(self, node, prop, kind, most=1):
        for v in self.values(node, prop, most=most):
            if not isinstance(v, rdflib.Literal) or v.datatype != kind or v.value is None:
                self.fault(node, f'{prop}: {v!r} is no {kind}')

    def kind(self, node, kind):
        if (node, RDF.type, kind) not in self.g:
            self.fault(node, f'no {kind}')

    def agent(self, node, prop):
        for a in self.values(node, prop, most=1):
            self.kind(a, FOAF.Agent)
            self.texts(a, FOAF.name)

    def contact(self, node):
        for c in self.values(node, DCAT.contactPoint):
            self.kind(c, VCARD.Kind)
            self.texts(c, VCARD.fn)
            self.links(c, VCARD.hasEmail, start='mailto:')

    def catalog(self):
        tops = list(self.g.subjects(RDF.type, DCAT.Catalog))
        if len(tops) != 1:
            self.faults.append(f'{len(tops)} catalogues')
        for c in tops:
            self.texts(c, DCTERMS.title)
            self.texts(c, DCTERMS.description)
            self.agent(c, DCTERMS.publisher)
            self.links(c, DCTERMS.language, {EU + 'language/VIE', EU + 'language/ENG'})
            self.links(c, DCAT.dataset)
            for s in self.links(c, DCAT.service):
                self.kind(s, DCAT.DataService)
                self.texts(s, DCTERMS.title)
                self.links(s, DCAT.endpointURL)
            for d in self.g.objects(c, DCAT.dataset):
                self.kind(d, DCAT.Dataset)

    def series(self, s):
        self.texts(s, DCTERMS.title)
        self.texts(s, DCTERMS.description)
        self.agent(s, DCTERMS.publisher)
        self.contact(s)
        self.links(s, DCTERMS.accrualPeriodicity, FREQUENCIES, most=1)

    def dataset(self, d):
        self.series(d)
        self.links(d, DCTERMS.accessRights, {EU + 'access-right/PUBLIC'})
        self.links(d, DCAT.theme, start=EU + 'data-theme/')
        self.typed(d, DCTERMS.issued, XSD.dateTime)
        for s in self.links(d, DCAT.inSeries):
            self.kind(s, DCAT.DatasetSeries)
        for p in self.values(d, DCTERMS.temporal, most=1):
            self.typed(p, DCAT.startDate, XSD.date)
            self.typed(p, DCAT.endDate, XSD.date)
            if next(self.g.objects(p, DCAT.startDate)).value > next(self.g.objects(p, DCAT.endDate)).value:
                self.fault(d, 'ends before it starts')
        for f in self.values(d, DCAT.distribution, least=2):
            self.kind(f, DCAT.Distribution)

    def distribution(self, f):
        self.links(f, DCAT.accessURL)
        self.links(f, DCAT.downloadURL, most=1)
        self.links(f, DCTERMS.license, LICENCES, most=1)
        self.links(f, DCTERMS['format'], {EU + 'file-type/CSV', EU + 'file-type/JSON'}, most=1)
        for c in self.g.objects(f, SPDX.checksum):
            self.kind(c, SPDX.Checksum)
            self.typed(c, SPDX.checksumValue, XSD.hexBinary)
            self.links(c, SPDX.algorithm, {str(SPDX) + 'checksumAlgorithm_sha256'})

    def run(self):
        self.catalog()
        sets = list(self.g.subjects(RDF.type, DCAT.Dataset))
        files = list(self.g.subjects(RDF.type, DCAT.Distribution))
        for s in self.g.subjects(RDF.type, DCAT.DatasetSeries):
            self.series(s)
        for d in sets:
            self.dataset(d)
        for f in files:
            self.distribution(f)
        again = rdflib.Graph().parse(data=self.g.serialize(format='turtle'), format='turtle')
        if len(again) != len(self.g):
            self.faults.append('Turtle says something else')
        return {'triples': len(self.g), 'datasets': len(sets), 'distributions': len(files), 'faults': self.faults}


print(json.dumps(Reader(sys.argv[1]).run(), ensure_ascii=False))
