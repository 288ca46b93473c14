"""values.py - answers and papers that the demo's services take."""
import zlib

FAMILY = {'business_name': 'Tạp hóa Mẫu', 'place_kind': 'rented', 'address_line': '12 đường Mẫu',
          'address_commune': 'phường Thử Nghiệm, tỉnh Bến Tre',
          'lines': [{'name': 'Bán lẻ hàng tạp hóa', 'code': '4711', 'main': True}],
          'conditional_line': False, 'capital_vnd': 50000000, 'employees': 1, 'owner_sex': 'male',
          'owner_ethnicity': 'Kinh', 'owner_residence': 'ấp Mẫu, xã Thử Nghiệm, tỉnh Bến Tre',
          'founder': 'person', 'declaration_one': True, 'declaration_true': True}
PETITION = {'kind': 'local', 'field': 'transport', 'subject': 'Mặt đường có ổ gà',
            'content': 'Đoạn đường liên ấp dài khoảng 200 mét có nhiều ổ gà, mùa mưa đọng nước.',
            'place': 'ấp Mẫu', 'identity': 'named', 'confidential': False, 'may_publish': True, 'declaration': True}


def png(colour=0):
    def chunk(kind, data):
        return len(data).to_bytes(4, 'big') + kind + data + zlib.crc32(kind + data).to_bytes(4, 'big')
    head = (1).to_bytes(4, 'big') * 2 + bytes([8, 0, 0, 0, 0])
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(bytes([0, colour]))) + chunk(b'IEND', b'')
