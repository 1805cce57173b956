class Dialects:
    SMB_2_0_2: int
    SMB_2_1_0: int
    SMB_3_0_0: int
    SMB_3_0_2: int
    SMB_3_1_1: int
